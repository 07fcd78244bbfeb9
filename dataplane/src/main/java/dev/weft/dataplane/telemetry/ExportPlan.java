package dev.weft.dataplane.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Which signals are exported by OTLP. The specification's default is {@code otlp} to localhost; for
 * an agent that arrives in a running system uninvited by its collector that means failing exports
 * everywhere, so the default here is {@code none} until an exporter or an endpoint is named
 * (docs/adr/0041). Decided without loading a class of the SDK. Immutable.
 */
final class ExportPlan {

  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";

  private final boolean traces;
  private final boolean metrics;

  private ExportPlan(boolean traces, boolean metrics) {
    this.traces = traces;
    this.metrics = metrics;
  }

  static ExportPlan of(TelemetryConfig config) {
    if ("true".equalsIgnoreCase(config.otel("otel.sdk.disabled"))) {
      return new ExportPlan(false, false);
    }
    return new ExportPlan(exports(config, "traces"), exports(config, "metrics"));
  }

  boolean isOn() {
    return traces || metrics;
  }

  boolean traces() {
    return traces;
  }

  boolean metrics() {
    return metrics;
  }

  private static boolean exports(TelemetryConfig config, String signal) {
    String exporters = config.otel("otel." + signal + ".exporter");
    if (exporters == null) {
      return config.otel(ENDPOINT) != null
          || config.otel("otel.exporter.otlp." + signal + ".endpoint") != null;
    }
    boolean otlp = false;
    for (String exporter : exporters.split(",")) {
      String name = exporter.trim();
      if (name.equals("otlp")) {
        otlp = true;
      } else if (!name.isEmpty() && !name.equals("none")) {
        config
            .log()
            .accept(
                "otel."
                    + signal
                    + ".exporter: "
                    + name
                    + " is not in the agent, only otlp and none are; it is left out");
      }
    }
    return otlp;
  }

  /** The protocol asked for when it is one the agent does not carry; null when all is well. */
  static @Nullable String foreignProtocol(TelemetryConfig config, String signal) {
    String own = config.otel("otel.exporter.otlp." + signal + ".protocol");
    String protocol = own == null ? config.otel("otel.exporter.otlp.protocol") : own;
    return protocol == null || protocol.equals("http/protobuf") ? null : protocol;
  }
}
