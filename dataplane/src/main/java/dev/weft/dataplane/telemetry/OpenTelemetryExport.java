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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The OpenTelemetry SDK as this agent uses it: autoconfigured from the standard settings, never
 * global, without a shutdown hook of its own. Spans reach its processors as finished data
 * (docs/adr/0040), metrics as a producer.
 */
final class OpenTelemetryExport {

  /**
   * The SDK reports trouble by java.util.logging, with stack traces, into the application's log.
   * The name is computed because the SDK's packages are renamed in the agent; the reference keeps
   * the setting alive.
   */
  private static final Logger QUIET = Logger.getLogger(sdkPackage());

  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final String INSTANCE = "service.instance.id";

  private final OpenTelemetrySdk sdk;
  private final ThreadFactory threads;
  private final Tracing tracing;

  private OpenTelemetryExport(OpenTelemetrySdk sdk, ThreadFactory threads, Tracing tracing) {
    this.sdk = sdk;
    this.threads = threads;
    this.tracing = tracing;
  }

  static OpenTelemetryExport start(TelemetryConfig config, ExportPlan plan, Meters meters) {
    QUIET.setLevel(Level.OFF);
    UrlConnectionSenderProvider.use(config.threads(), failures(config, meters));
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
                  Resource merged = merge(config, detected);
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
    return new OpenTelemetryExport(sdk, config.threads(), tracing);
  }

  Tracing tracing() {
    return tracing;
  }

  /** Flushes for at most {@code nanos} and stops. */
  void close(long nanos) {
    // On a thread of its own: the metric reader's shutdown waits for seconds before it returns at
    // all.
    Thread flush = threads.newThread(() -> sdk.shutdown().join(10, TimeUnit.SECONDS));
    flush.start();
    try {
      flush.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Counts every message that was lost, and says so once a minute. */
  private static Consumer<String> failures(TelemetryConfig config, Meters meters) {
    LongAdder lost = meters.telemetryDrops().with("otlp-message");
    AtomicLong quietUntil = new AtomicLong(System.nanoTime());
    return why -> {
      lost.increment();
      long until = quietUntil.get();
      long now = System.nanoTime();
      if (now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
        config.log().accept("telemetry is not delivered to " + why);
      }
    };
  }

  private static String sdkPackage() {
    String name = OpenTelemetrySdk.class.getName();
    return name.substring(0, name.indexOf(".sdk."));
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

  /**
   * The instance as the registry knows it, unless the user names another: the SDK invents a random
   * one.
   */
  private static Resource merge(TelemetryConfig config, Resource detected) {
    String named = config.otel("otel.resource.attributes");
    Resource merged =
        Resource.create(
                Attributes.of(
                    AttributeKey.stringKey("service.namespace"),
                    config.namespace(),
                    AttributeKey.stringKey("telemetry.distro.name"),
                    "weft"))
            .merge(detected);
    if (config.instanceId().isEmpty() || (named != null && named.contains(INSTANCE + "="))) {
      return merged;
    }
    return merged.merge(
        Resource.create(Attributes.of(AttributeKey.stringKey(INSTANCE), config.instanceId())));
  }
}
