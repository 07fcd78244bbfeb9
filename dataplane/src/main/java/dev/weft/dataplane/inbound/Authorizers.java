package dev.weft.dataplane.inbound;

import dev.weft.dataplane.http.AgentRequest;
import dev.weft.dataplane.http.AgentResponse;
import java.io.IOException;

/** The way to those whom policies of action CUSTOM ask. Thread-safe. */
@FunctionalInterface
public interface Authorizers {
  /** Nobody can be asked. */
  Authorizers NONE =
      (host, port, request, nanos) -> {
        throw new IOException("there is no way to " + host);
      };

  /**
   * Asks, and waits on this thread.
   *
   * @param host canonical host of a service of the mesh
   * @param timeoutNanos for the whole exchange
   * @throws java.net.SocketTimeoutException when the time was over before the answer was complete
   * @throws IOException when there is no whole answer for any other reason
   */
  AgentResponse ask(String host, int port, AgentRequest request, long timeoutNanos)
      throws IOException;
}
