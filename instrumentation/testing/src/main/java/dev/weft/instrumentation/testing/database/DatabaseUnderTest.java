package dev.weft.instrumentation.testing.database;

/** A database server as the contract uses it. */
public interface DatabaseUnderTest extends AutoCloseable {
  /** Port on loopback that the server listens on now. */
  int port();

  /** URL of its database at a host and port. */
  String url(String host, int port);

  /** User that may create tables. */
  String user();

  /** Password of that user. */
  String password();

  /** A query that takes longer than a few seconds unless it is ended. */
  String slowQuery();

  /** A call, as the drivers of this database take one. */
  default String call() {
    return "SELECT 1";
  }

  /** Ends the server as {@code kill -9} does, or as near to it as it can be. */
  void kill() throws Exception;

  /** Starts it anew, where it does not run, on the same port and with what it had stored. */
  void restart() throws Exception;

  /** URL of its database where it is. */
  default String url() {
    return url("127.0.0.1", port());
  }

  @Override
  void close();
}
