package dev.weft.dataplane.telemetry;

import dev.weft.policy.snapshot.TelemetrySide;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Which requests and statements get a line in the access log, by the agent's own setting and by
 * policy. Thread-safe.
 */
final class RequestLog {
  private final Meters meters;
  private volatile @Nullable AccessLog log;

  /** Whether it is open because policy wants it, and not the agent's own setting. */
  private volatile boolean ofPolicy;

  RequestLog(Meters meters) {
    this.meters = meters;
  }

  /** Opens what the agent's own setting names. */
  void open(TelemetryConfig config) {
    String target = config.accessLog();
    if (!target.equals("off") && !target.isEmpty()) {
      open(config, target);
    }
  }

  /** Opens standard output where policy wants lines and no setting says where to. */
  void openForPolicy(TelemetryConfig config) {
    if (log == null) {
      ofPolicy = true;
      open(config, "stdout");
    }
  }

  private void open(TelemetryConfig config, String target) {
    try {
      LongAdder drops = meters.telemetryDrops().with("access-log");
      log = AccessLog.open(target, drops, config.threads());
    } catch (IOException e) {
      config.log().accept("mesh.access-log: " + target + " cannot be opened, no log: " + e);
    }
  }

  /** Whether nobody reads it as long as policy wants no lines. */
  boolean isIdleWithoutPolicy() {
    return log == null || ofPolicy;
  }

  /** Takes a concluded request; never waits. */
  void offer(Exchange exchange) {
    AccessLog open = log;
    SideRules side = exchange.rules;
    TelemetrySide.Log said = side == null ? TelemetrySide.Log.UNSAID : side.log();
    if (open != null
        && (said == TelemetrySide.Log.UNSAID ? !ofPolicy : said == TelemetrySide.Log.ON)) {
      open.offer(exchange);
    }
  }

  /** Takes a statement or connect that is over. */
  void offer(DatabaseActivity activity) {
    AccessLog open = log;
    if (open != null && !ofPolicy && (activity.slow || activity.detail != null)) {
      open.offer(activity);
    }
  }

  /** Writes what waits, for at most {@code nanos}, and stops. */
  void close(long nanos) {
    AccessLog open = log;
    if (open != null) {
      open.close(nanos);
    }
  }
}
