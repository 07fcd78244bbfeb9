package dev.weft.instrumentation.httpurlconnection;

import dev.weft.dataplane.outbound.Attempt;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/**
 * What this thread is sending right now. The URL is part of it, because in the midst of a sending
 * the runtime asks authenticators and cookie handlers of the application, which may open
 * connections of their own.
 */
final class Sending {
  private static final ThreadLocal<@Nullable Sending> CURRENT = new ThreadLocal<>();

  private final @Nullable Attempt attempt;
  private final URL url;

  private Sending(@Nullable Attempt attempt, URL url) {
    this.attempt = attempt;
    this.url = url;
  }

  /** Makes the thread open or use connections of the runtime for {@code url}. */
  static @Nullable Sending begin(@Nullable Attempt attempt, URL url) {
    Sending before = CURRENT.get();
    CURRENT.set(new Sending(attempt, url));
    return before;
  }

  /** Puts back what {@link #begin} answered. */
  static void end(@Nullable Sending before) {
    if (before == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(before);
    }
  }

  /** Whether this thread is opening exactly this URL object for us. */
  @SuppressWarnings("ReferenceEquality") // an equal URL is not ours
  static boolean opening(URL url) {
    Sending now = CURRENT.get();
    return now != null && now.url == url;
  }

  /** The attempt that a connection to this place is for, or null when it is none of ours. */
  static @Nullable Attempt attemptAt(String host, int port) {
    Sending now = CURRENT.get();
    if (now == null || now.attempt == null) {
      return null;
    }
    boolean same = portOf(now.url) == port && now.url.getHost().equalsIgnoreCase(host);
    return same ? now.attempt : null;
  }

  static int portOf(URL url) {
    return url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
  }
}
