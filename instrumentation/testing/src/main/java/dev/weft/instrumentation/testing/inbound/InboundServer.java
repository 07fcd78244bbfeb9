package dev.weft.instrumentation.testing.inbound;

/**
 * A running server with the application of the contract: {@code contract.ContractServlet} at {@code
 * /app}, and the file {@code /files/large.txt} of 300,000 bytes served by the container itself. Its
 * connection timeout is two seconds.
 */
public interface InboundServer extends AutoCloseable {
  /** The plaintext port. */
  int port();

  /** After how many requests the server ends a connection in plaintext; 0 for never. */
  default int requestsPerConnection() {
    return 0;
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
