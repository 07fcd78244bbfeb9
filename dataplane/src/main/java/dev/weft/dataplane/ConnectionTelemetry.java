package dev.weft.dataplane;

import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.telemetry.Meters;
import java.util.Locale;

/** Counts handshakes and connections. Thread-safe. */
final class ConnectionTelemetry implements ConnectionObserver {
  private final Meters meters;

  ConnectionTelemetry(Meters meters) {
    this.meters = meters;
  }

  @Override
  public void handshake(Side side, HandshakeResult result) {
    meters.handshakes().with(direction(side), result.outcome(), result.reason()).increment();
  }

  @Override
  public void opened(Side side, Security security) {
    String word = security.name().toLowerCase(Locale.ROOT);
    meters.connections().with(direction(side), word).increment();
  }

  private static String direction(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }
}
