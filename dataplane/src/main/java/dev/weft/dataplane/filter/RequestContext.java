package dev.weft.dataplane.filter;

import org.jspecify.annotations.Nullable;

/**
 * What the calls made for the request being served on this thread have to know: its deadline, which
 * they must not outlive, and whether it is a retry, of which they are a part. The inbound side
 * attaches it, the outbound side reads it. Immutable; the attachment is per thread.
 */
public final class RequestContext {
  /**
   * Milliseconds that the caller still waits, written on every call with a deadline and read on
   * every request. Envoy's router writes the same header, so sidecars and agents understand each
   * other.
   */
  public static final String DEADLINE_HEADER = "x-envoy-expected-rq-timeout-ms";

  /**
   * Which attempt at the same work a request is, written from the second on, and on calls made for
   * such a request. Istio's sidecars write the same header on every attempt.
   */
  public static final String ATTEMPT_HEADER = "x-envoy-attempt-count";

  /** No deadline. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  private static final ThreadLocal<@Nullable RequestContext> CURRENT = new ThreadLocal<>();

  private final long deadlineNanos;
  private final boolean retry;

  private RequestContext(long deadlineNanos, boolean retry) {
    this.deadlineNanos = deadlineNanos;
    this.retry = retry;
  }

  /**
   * A context to attach.
   *
   * @param deadlineNanos on the data plane's clock, {@link #NO_DEADLINE} when there is none
   */
  public static RequestContext of(long deadlineNanos) {
    return new RequestContext(deadlineNanos, false);
  }

  /**
   * A context to attach.
   *
   * @param deadlineNanos as above
   * @param retry whether a caller has sent the request before
   */
  public static RequestContext of(long deadlineNanos, boolean retry) {
    return new RequestContext(deadlineNanos, retry);
  }

  /** What this thread works for, or null. */
  public static @Nullable RequestContext current() {
    return CURRENT.get();
  }

  /** Attaches to this thread and returns what was attached before, for {@link #restore}. */
  public @Nullable RequestContext attach() {
    RequestContext before = CURRENT.get();
    CURRENT.set(this);
    return before;
  }

  /** Puts back what {@link #attach} returned; null detaches and leaves nothing behind. */
  public static void restore(@Nullable RequestContext before) {
    if (before == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(before);
    }
  }

  /** The deadline on the data plane's clock, or {@link #NO_DEADLINE}. */
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** Whether the request being served is a retry of its caller, or made for one. */
  public boolean isRetry() {
    return retry;
  }
}
