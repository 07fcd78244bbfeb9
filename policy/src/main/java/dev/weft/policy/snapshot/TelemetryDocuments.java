package dev.weft.policy.snapshot;

import java.util.Map;

/** Reads and writes what telemetry does; an absent field takes its default. */
final class TelemetryDocuments {
  private TelemetryDocuments() {}

  static TelemetryPolicy policy(JsonObject from) {
    TelemetrySide unsaid = TelemetrySide.unsaid();
    return TelemetryPolicy.builder()
        .client(from.object("client", TelemetryDocuments::side, unsaid))
        .server(from.object("server", TelemetryDocuments::side, unsaid))
        .build();
  }

  static Map<String, Object> write(TelemetryPolicy from) {
    return new JsonWriter()
        .object("client", write(from.client))
        .object("server", write(from.server))
        .map();
  }

  private static TelemetrySide side(JsonObject from) {
    return TelemetrySide.builder()
        .samplingPercent(from.decimal("samplingPercent", TelemetrySide.UNSAID))
        .spans(from.flag("spans", true))
        .propagation(from.flag("propagation", true))
        .tags(from.objects("tags", TelemetryDocuments::spanTag))
        .log(from.constant("log", TelemetrySide.Log.class, TelemetrySide.Log.UNSAID))
        .logFilter(from.optionalText("logFilter"))
        .disabledMetrics(from.texts("disabledMetrics"))
        .metricTags(from.objects("metricTags", TelemetryDocuments::metricTag))
        .build();
  }

  private static Map<String, Object> write(TelemetrySide from) {
    return new JsonWriter()
        .decimal("samplingPercent", from.samplingPercent, TelemetrySide.UNSAID)
        .flag("spans", from.spans, true)
        .flag("propagation", from.propagation, true)
        .list("tags", from.tags, TelemetryDocuments::write)
        .text("log", from.log == TelemetrySide.Log.UNSAID ? null : from.log.name())
        .text("logFilter", from.logFilter)
        .list("disabledMetrics", from.disabledMetrics)
        .list("metricTags", from.metricTags, TelemetryDocuments::write)
        .map();
  }

  private static SpanTag spanTag(JsonObject from) {
    return SpanTag.builder()
        .name(from.text("name", ""))
        .origin(from.constant("origin", SpanTag.Origin.class, SpanTag.Origin.LITERAL))
        .value(from.text("value", ""))
        .defaultValue(from.optionalText("defaultValue"))
        .build();
  }

  private static Map<String, Object> write(SpanTag from) {
    return new JsonWriter()
        .text("name", from.name)
        .text("origin", from.origin.name())
        .text("value", from.value)
        .text("defaultValue", from.defaultValue)
        .map();
  }

  private static MetricTag metricTag(JsonObject from) {
    return MetricTag.builder()
        .metric(from.text("metric", ""))
        .tag(from.text("tag", ""))
        .value(from.optionalText("value"))
        .build();
  }

  private static Map<String, Object> write(MetricTag from) {
    return new JsonWriter()
        .text("metric", from.metric)
        .text("tag", from.tag)
        .text("value", from.value)
        .map();
  }
}
