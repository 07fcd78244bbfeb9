package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.outbound.Attempt;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * The attempt an execution context is being sent for. It travels in the context, not in a thread
 * local: an interceptor of the application may make a call of its own in the midst of ours, on the
 * same thread.
 */
final class Sending {
  private static final String KEY = "dev.weft.attempt";

  private final Attempt attempt;
  private boolean fresh;

  private Sending(Attempt attempt) {
    this.attempt = attempt;
  }

  static Sending start(HttpContext context, Attempt attempt) {
    Sending sending = new Sending(attempt);
    context.setAttribute(KEY, sending);
    return sending;
  }

  static void end(HttpContext context) {
    context.removeAttribute(KEY);
  }

  static @Nullable Sending in(HttpContext context) {
    Object found = context.getAttribute(KEY);
    return found instanceof Sending ? (Sending) found : null;
  }

  Attempt attempt() {
    return attempt;
  }

  void connecting() {
    fresh = true;
  }

  /** Whether the connection is or was to be made for this sending, not taken from the pool. */
  boolean fresh() {
    return fresh;
  }
}
