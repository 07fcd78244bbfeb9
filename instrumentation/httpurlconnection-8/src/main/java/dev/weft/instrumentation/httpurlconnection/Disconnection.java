package dev.weft.instrumentation.httpurlconnection;

import dev.weft.dataplane.outbound.FailureKind;
import java.net.HttpURLConnection;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * The application's {@code disconnect} while a response is awaited: it ends the connection that is
 * under way, and no other follows. Thread-safe.
 */
final class Disconnection {
  private @Nullable HttpURLConnection current;
  private boolean asked;

  /** Says which connection is used from now on. */
  synchronized void underWay(HttpURLConnection connection) throws SocketException {
    if (asked) {
      throw new SocketException("Socket closed");
    }
    current = connection;
  }

  synchronized void ask() {
    asked = true;
    if (current != null) {
      current.disconnect();
    }
  }

  /** What a failure means: once asked for, it is the application's own doing. */
  synchronized @Nullable FailureKind kind() {
    return asked ? FailureKind.CANCELLED : null;
  }
}
