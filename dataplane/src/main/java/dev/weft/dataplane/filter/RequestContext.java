package dev.weft.dataplane.filter;

import org.jspecify.annotations.Nullable;

/**
 * What the calls made for the request being served on this thread have to know: its deadline, which
 * they must not outlive, whether it is a retry, of which they are a part, and who is to hear that
 * they were given up. The inbound side attaches it, the outbound side reads it. Immutable; the
 * attachment is per thread.
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

  /**
   * Says of an answer of 500 and above that it stands for a call further on, or for load, that is
   * not worth another attempt: Envoy's own name for it, which its retries heed, too.
   */
  public static final String OVERLOADED_HEADER = "x-envoy-overloaded";

  /** No deadline. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  private static final ThreadLocal<@Nullable RequestContext> CURRENT = new ThreadLocal<>();

  private final long deadlineNanos;
  private final boolean retry;
  private final @Nullable Runnable onGivenUp;

  private RequestContext(long deadlineNanos, boolean retry, @Nullable Runnable onGivenUp) {
    this.deadlineNanos = deadlineNanos;
    this.retry = retry;
    this.onGivenUp = onGivenUp;
  }

  /**
   * A context to attach.
   *
   * @param deadlineNanos on the data plane's clock, {@link #NO_DEADLINE} when there is none
   */
  public static RequestContext of(long deadlineNanos) {
    return new RequestContext(deadlineNanos, false, null);
  }

  /**
   * A context to attach.
   *
   * @param deadlineNanos on the data plane's clock, {@link #NO_DEADLINE} when there is none
   * @param retry whether a caller has sent the request before
   * @param onGivenUp told of {@link #giveUp}, on the thread that calls it and perhaps more than
   *     once; must not throw
   */
  public static RequestContext of(long deadlineNanos, boolean retry, Runnable onGivenUp) {
    return new RequestContext(deadlineNanos, retry, onGivenUp);
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

  /**
   * A call made for the request failed at its callee, and as much has been repeated as is worth it:
   * to send the request itself again would only make the same calls again.
   */
  public void giveUp() {
    if (onGivenUp != null) {
      onGivenUp.run();
    }
  }

  /** Whether the request being served is a retry of its caller, or made for one. */
  public boolean isRetry() {
    return retry;
  }
}
