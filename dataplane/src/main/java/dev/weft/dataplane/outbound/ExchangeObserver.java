package dev.weft.dataplane.outbound;

/**
 * Watches calls from start to end; telemetry plugs in here. It fails open: whatever it throws is
 * swallowed and counted ({@code DataPlane.observerFailures()}), and the call goes on. Called on the
 * thread that drives the exchange, so it must not block. Thread-safe.
 */
public interface ExchangeObserver {
  /**
   * OBSERVE: a call to the mesh begins. May keep its own state with {@link
   * OutboundExchange#attach(Object)}.
   */
  default void started(OutboundExchange exchange) {}

  /**
   * PROPAGATE: an attempt is about to be sent. May say with {@link OutboundExchange#propagate}
   * which trace context the request carries; otherwise the one that the application wrote, or else
   * that of the request being served, goes on as it is.
   */
  default void attempting(OutboundExchange exchange, Attempt attempt) {}

  /** CLASSIFY: the attempt has an outcome, {@link OutboundExchange#outcome()}. */
  default void attempted(OutboundExchange exchange, Attempt attempt) {}

  /** RETRY: another attempt follows the one whose outcome the exchange still shows. */
  default void retrying(OutboundExchange exchange) {}

  /** PROPAGATE: the attempt about to be sent is one beside another that has not ended. */
  default void hedging(OutboundExchange exchange) {}

  /** CLASSIFY: of two attempts at a time this one decides on the call. */
  default void decided(OutboundExchange exchange, Attempt attempt) {}

  /** CONCLUDE: the call is over; called exactly once for each {@code started}. */
  default void ended(OutboundExchange exchange) {}

  /** Watches nothing. */
  ExchangeObserver NONE = new ExchangeObserver() {};
}
