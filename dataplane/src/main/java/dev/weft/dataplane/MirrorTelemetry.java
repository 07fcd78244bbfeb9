package dev.weft.dataplane;

import dev.weft.dataplane.outbound.MirrorObserver;
import dev.weft.dataplane.telemetry.Meters;

/** Counts copies of requests. Thread-safe. */
final class MirrorTelemetry implements MirrorObserver {
  private final Meters meters;

  MirrorTelemetry(Meters meters) {
    this.meters = meters;
  }

  @Override
  public void mirrored(String host, Outcome outcome) {
    meters.mirrored().with(host, outcome.word()).increment();
  }
}
