package dev.weft.dataplane.inbound;

import org.jspecify.annotations.Nullable;

/**
 * Watches requests from start to end; telemetry plugs in here. It fails open: whatever it throws is
 * swallowed and counted, and the request goes on. Called on the thread that serves the request, so
 * it must not block. Thread-safe.
 */
public interface InboundObserver {
  /** OBSERVE: a request came in. May keep its own state with {@link InboundExchange#attach}. */
  default void started(InboundExchange exchange) {}

  /** CONCLUDE: the request is over; called exactly once for each {@code started}. */
  default void ended(InboundExchange exchange) {}

  /**
   * The request is being served on this thread from now on.
   *
   * @return what {@link #leave} needs; null when there is nothing to leave
   */
  default @Nullable Object enter(InboundExchange exchange) {
    return this;
  }

  /** The request is no longer served on this thread. */
  default void leave(InboundExchange exchange, Object entered) {}

  /** CHECK: an authorizer was asked. */
  default void checked(String provider, CheckOutcome outcome) {}

  /** Whether a request without a caller's trace may as well not be shown to it. */
  default boolean isIdle() {
    return false;
  }

  /** Watches nothing. */
  InboundObserver NONE =
      new InboundObserver() {
        @Override
        public boolean isIdle() {
          return true;
        }
      };
}
