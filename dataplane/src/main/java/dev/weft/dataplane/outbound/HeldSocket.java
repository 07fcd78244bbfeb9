package dev.weft.dataplane.outbound;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** The socket of an exchange of the agent's own, to be closed from the timer at its end of time. */
final class HeldSocket implements ConnectionDriver.Client {
  private volatile @Nullable Socket socket;
  private volatile boolean closed;

  @Override
  public void connecting(Socket made) throws IOException {
    socket = made;
    if (closed) {
      made.close();
    }
  }

  /** Whether it was closed. */
  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
    Socket made = socket;
    if (made != null) {
      try {
        made.close();
      } catch (IOException e) {
        // It was to be thrown away.
      }
    }
  }
}
