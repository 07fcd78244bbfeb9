package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.outbound.Attempt;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * The attempt an execution context is being sent for. It travels in the context, not in a thread
 * local: an interceptor of the application may make a call of its own in the midst of ours, on the
 * same thread.
 */
final class Sending {
  private static final String KEY = "dev.weft.attempt";

  private final Attempt attempt;
  private final HttpHost service;
  private volatile boolean fresh;

  Sending(Attempt attempt, HttpHost service) {
    this.attempt = attempt;
    this.service = service;
  }

  static Sending start(HttpContext context, Attempt attempt, HttpHost service) {
    Sending sending = new Sending(attempt, service);
    sending.startIn(context);
    return sending;
  }

  void startIn(HttpContext context) {
    context.setAttribute(KEY, this);
  }

  static void end(HttpContext context) {
    context.removeAttribute(KEY);
  }

  static @Nullable Sending in(@Nullable HttpContext context) {
    Object found = context == null ? null : context.getAttribute(KEY);
    return found instanceof Sending ? (Sending) found : null;
  }

  Attempt attempt() {
    return attempt;
  }

  /** The host that the application called. */
  HttpHost service() {
    return service;
  }

  void connecting() {
    fresh = true;
  }

  /** Whether the connection is or was to be made for this sending, not taken from the pool. */
  boolean fresh() {
    return fresh;
  }
}
