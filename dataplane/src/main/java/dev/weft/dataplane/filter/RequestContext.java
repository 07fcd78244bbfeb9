package dev.weft.dataplane.filter;

import org.jspecify.annotations.Nullable;

/**
 * The deadline of the request being served on this thread, which the calls made for it must not
 * outlive. The inbound side attaches it, the outbound side reads it. Immutable; the attachment is
 * per thread.
 */
public final class RequestContext {
  /**
   * Milliseconds that the caller still waits, written on every call with a deadline and read on
   * every request. Envoy's router writes the same header, so sidecars and agents understand each
   * other.
   */
  public static final String DEADLINE_HEADER = "x-envoy-expected-rq-timeout-ms";

  /** No deadline. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  private static final ThreadLocal<@Nullable RequestContext> CURRENT = new ThreadLocal<>();

  private final long deadlineNanos;

  private RequestContext(long deadlineNanos) {
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * A context to attach.
   *
   * @param deadlineNanos on the data plane's clock, {@link #NO_DEADLINE} when there is none
   */
  public static RequestContext of(long deadlineNanos) {
    return new RequestContext(deadlineNanos);
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
}
