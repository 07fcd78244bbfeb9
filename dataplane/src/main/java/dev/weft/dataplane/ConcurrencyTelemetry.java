package dev.weft.dataplane;

import dev.weft.dataplane.inbound.InboundDriver;
import dev.weft.dataplane.resilience.ConcurrencyLimit;
import dev.weft.dataplane.telemetry.Meters;

/** Shows what load shedding goes by; made when policy first asks for shedding. Thread-safe. */
final class ConcurrencyTelemetry {
  private final InboundDriver inbound;

  ConcurrencyTelemetry(InboundDriver inbound) {
    this.inbound = inbound;
  }

  void show(Meters meters) {
    meters.gauge(
        "weft_concurrency_limit",
        "Requests that may be under way at a time, 0 without load shedding",
        () -> inbound.concurrencySum(ConcurrencyLimit::limit));
    meters.gauge(
        "weft_concurrency_active",
        "Requests under way that load shedding counts",
        () -> inbound.concurrencySum(ConcurrencyLimit::active));
  }
}
