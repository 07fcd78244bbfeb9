package dev.weft.instrumentation.testing.inbound;

/**
 * A running server with the application of the contract: {@code contract.ContractServlet} at {@code
 * /app}, and the file {@code /files/large.txt} of 300,000 bytes served by the container itself.
 */
public interface InboundServer extends AutoCloseable {
  /** How long connections may say nothing where a case does not set it: half a minute. */
  int PATIENT = 30_000;

  /** The plaintext port. */
  int port();

  /** After how many requests the server ends a connection in plaintext; 0 for never. */
  default int requestsPerConnection() {
    return 0;
  }

  /**
   * Sets how long connections made from now on may say nothing. Clients of the contract are slow
   * when the machine is busy, so that is long ({@link #PATIENT}) but for cases about it.
   *
   * <p>A server whose limit is fixed keeps to that, which is short of ten seconds.
   *
   * @param millis the limit
   */
  default void patience(int millis) {}

  /**
   * Whether a client may end its own direction of a TLS connection and still be answered, as in
   * plaintext. Some servers take the alert that says so for the end of both directions, also on
   * ports of their own, and answer or not by chance.
   */
  default boolean answersAfterTlsHalfClose() {
    return false;
  }

  /** Whether the server speaks the WebSocket protocol itself, at {@code /ws}. */
  default boolean speaksWebSocket() {
    return false;
  }

  /**
   * Whether the application is {@code contract.ContractServlet} itself, not one that is like it.
   */
  default boolean runsServlets() {
    return false;
  }

  /**
   * A transcript without what differs from one connection to the next also without the mesh.
   *
   * @param transcript what a {@link Probe} was answered
   */
  default String withoutChance(String transcript) {
    return transcript;
  }

  /** How many requests have reached the application. */
  int reached();

  @Override
  void close();
}
