package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The OpenTelemetry SDK as this agent uses it: autoconfigured from the standard settings, never
 * global, without a shutdown hook of its own. Spans reach its processors as finished data
 * (docs/adr/0040), metrics as a producer.
 */
final class OpenTelemetryExport {

  private final OpenTelemetrySdk sdk;
  private final Tracing tracing;

  private OpenTelemetryExport(OpenTelemetrySdk sdk, Tracing tracing) {
    this.sdk = sdk;
    this.tracing = tracing;
  }

  static OpenTelemetryExport start(TelemetryConfig config, ExportPlan plan, Meters meters) {
    UrlConnectionSenderProvider.useThreads(config.threads());
    Resource[] resource = {Resource.empty()};
    Sampler[] sampler = {Sampler.alwaysOn()};
    List<SpanProcessor> processors = new ArrayList<>();
    ForeignThreads threads = ForeignThreads.before();
    AutoConfiguredOpenTelemetrySdk configured =
        AutoConfiguredOpenTelemetrySdk.builder()
            .setServiceClassLoader(OpenTelemetryExport.class.getClassLoader())
            .disableShutdownHook()
            .addPropertiesSupplier(() -> defaults(config))
            .addPropertiesCustomizer(properties -> overrides(config, plan))
            .addResourceCustomizer(
                (detected, properties) -> {
                  Resource merged = identity(config).merge(detected);
                  resource[0] = merged;
                  return merged;
                })
            .addSamplerCustomizer(
                (configuredSampler, properties) -> {
                  sampler[0] = configuredSampler;
                  return configuredSampler;
                })
            .addSpanProcessorCustomizer(
                (processor, properties) -> {
                  processors.add(processor);
                  return processor;
                })
            .addMeterProviderCustomizer(
                (builder, properties) -> builder.registerMetricProducer(MetricBridge.of(meters)))
            .build();
    OpenTelemetrySdk sdk = configured.getOpenTelemetrySdk();
    threads.rename();
    SpanLimits limits = sdk.getSdkTracerProvider().getSpanLimits();
    Tracing tracing =
        plan.traces() && !processors.isEmpty()
            ? new SdkTracing(
                SpanProcessor.composite(processors),
                HeadSampler.of(config, sampler[0]),
                resource[0],
                limits)
            : Tracing.OFF;
    return new OpenTelemetryExport(sdk, tracing);
  }

  Tracing tracing() {
    return tracing;
  }

  /** Flushes for at most {@code nanos} and stops. */
  void close(long nanos) {
    sdk.shutdown().join(Math.max(1, nanos), TimeUnit.NANOSECONDS);
  }

  /** What holds unless the user says otherwise. */
  private static Map<String, String> defaults(TelemetryConfig config) {
    Map<String, String> defaults = new HashMap<>();
    defaults.put("otel.service.name", config.serviceName());
    return defaults;
  }

  /**
   * What holds in the agent whatever the user says, after the settings that came through the agent.
   */
  private static Map<String, String> overrides(TelemetryConfig config, ExportPlan plan) {
    Map<String, String> overrides = new HashMap<>(config.properties());
    overrides.put("otel.traces.exporter", plan.traces() ? "otlp" : "none");
    overrides.put("otel.metrics.exporter", plan.metrics() ? "otlp" : "none");
    overrides.put("otel.logs.exporter", "none");
    for (String signal : new String[] {"traces", "metrics"}) {
      String foreign = ExportPlan.foreignProtocol(config, signal);
      if (foreign != null) {
        config
            .log()
            .accept(
                "otel.exporter.otlp.protocol: "
                    + foreign
                    + " is not in the agent, "
                    + signal
                    + " are sent by http/protobuf");
      }
      overrides.put("otel.exporter.otlp." + signal + ".protocol", "http/protobuf");
    }
    return overrides;
  }

  private static Resource identity(TelemetryConfig config) {
    return Resource.create(
        Attributes.of(
            AttributeKey.stringKey("service.namespace"), config.namespace(),
            AttributeKey.stringKey("service.instance.id"), config.instanceId(),
            AttributeKey.stringKey("telemetry.distro.name"), "weft"));
  }
}
