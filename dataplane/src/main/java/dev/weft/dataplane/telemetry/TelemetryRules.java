package dev.weft.dataplane.telemetry;

import dev.weft.policy.snapshot.TelemetryPolicy;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What policy says telemetry does, ready to be asked. Made only where it says something. */
final class TelemetryRules {
  private final SideRules client;
  private final SideRules server;

  private TelemetryRules(SideRules client, SideRules server) {
    this.client = client;
    this.server = server;
  }

  /**
   * Compiles a policy. Telemetry fails open: an expression that is not understood is as if not
   * there.
   *
   * @param environment where variables are read
   * @param fault called for what is not understood
   */
  static TelemetryRules of(
      TelemetryPolicy policy, Function<String, @Nullable String> environment, Runnable fault) {
    return new TelemetryRules(
        SideRules.of(policy.client, environment, fault),
        SideRules.of(policy.server, environment, fault));
  }

  SideRules of(Exchange.Direction direction) {
    return direction == Exchange.Direction.OUTBOUND ? client : server;
  }
}
