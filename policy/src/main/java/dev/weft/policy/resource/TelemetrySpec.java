package dev.weft.policy.resource;

import dev.weft.policy.snapshot.MetricTag;
import dev.weft.policy.snapshot.SpanTag;
import dev.weft.policy.snapshot.TelemetryPolicy;
import dev.weft.policy.snapshot.TelemetrySide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a Telemetry says. Immutable. */
public final class TelemetrySpec {
  private static final List<String> METRICS =
      Collections.unmodifiableList(
          Arrays.asList(TelemetryKind.REQUEST_COUNT, TelemetryKind.REQUEST_DURATION));

  /** Labels that a workload must carry; empty selects the namespace, or the mesh from the root. */
  public final Map<String, String> selector;

  /** Services whose instances alone it is for; null when it goes by {@link #selector}. */
  public final @Nullable Set<String> targets;

  private final SpecFields spec;

  private TelemetrySpec(SpecFields spec) {
    this.selector = Collections.unmodifiableMap(spec.object("selector").textMap("matchLabels"));
    this.targets = PolicyTargets.of(spec);
    this.spec = spec;
  }

  static TelemetrySpec of(SpecFields spec) {
    return new TelemetrySpec(spec);
  }

  /**
   * Returns {@code policy}, that of the mesh or the namespace, with what this one says in its
   * place, field by field as Istio does.
   */
  public TelemetryPolicy over(TelemetryPolicy policy) {
    return policy.toBuilder()
        .client(side(policy.client, "CLIENT"))
        .server(side(policy.server, "SERVER"))
        .build();
  }

  private TelemetrySide side(TelemetrySide before, String mode) {
    TelemetrySide.Builder side = before.toBuilder();
    for (SpecFields tracing : spec.objects("tracing", fields -> fields)) {
      if (isFor(tracing, mode)) {
        trace(tracing, side);
      }
    }
    for (SpecFields logging : spec.objects("accessLogging", fields -> fields)) {
      if (isFor(logging, mode)) {
        side.log(logging.flag("disabled", false) ? TelemetrySide.Log.OFF : TelemetrySide.Log.ON);
        String filter = logging.object("filter").text("expression", "");
        if (!filter.isEmpty()) {
          side.logFilter(filter);
        }
      }
    }
    measure(before, mode, side);
    return side.build();
  }

  private static boolean isFor(SpecFields entry, String mode) {
    String asked = entry.object("match").text("mode", "CLIENT_AND_SERVER");
    return asked.equals("CLIENT_AND_SERVER") || asked.equals(mode);
  }

  private static void trace(SpecFields tracing, TelemetrySide.Builder side) {
    if (tracing.has("randomSamplingPercentage")) {
      side.samplingPercent(tracing.number("randomSamplingPercentage", 0));
    }
    if (tracing.has("disableSpanReporting")) {
      side.spans(!tracing.flag("disableSpanReporting", false));
    }
    if (tracing.has("disableContextPropagation")) {
      side.propagation(!tracing.flag("disableContextPropagation", false));
    }
    List<SpanTag> tags = new ArrayList<>();
    for (Map.Entry<String, SpecFields> tag :
        tracing.objectMap("customTags", fields -> fields).entrySet()) {
      SpecFields origin = tag.getValue();
      if (origin.has("literal") || origin.has("header") || origin.has("environment")) {
        tags.add(tag(tag.getKey(), origin));
      }
    }
    if (!tags.isEmpty()) {
      side.tags(tags);
    }
  }

  private static SpanTag tag(String name, SpecFields tag) {
    SpanTag.Builder result = SpanTag.builder().name(name);
    if (tag.has("literal")) {
      return result.value(tag.object("literal").text("value", "")).build();
    }
    boolean header = tag.has("header");
    SpecFields from = tag.object(header ? "header" : "environment");
    return result
        .origin(header ? SpanTag.Origin.HEADER : SpanTag.Origin.ENVIRONMENT)
        .value(from.text("name", ""))
        .defaultValue(from.optionalText("defaultValue"))
        .build();
  }

  private void measure(TelemetrySide before, String mode, TelemetrySide.Builder side) {
    TreeSet<String> disabled = new TreeSet<>(before.disabledMetrics);
    List<MetricTag> tags = new ArrayList<>(before.metricTags);
    for (SpecFields metrics : spec.objects("metrics", fields -> fields)) {
      for (SpecFields override : metrics.objects("overrides", fields -> fields)) {
        if (isFor(override, mode)) {
          for (String metric : metrics(override.object("match"))) {
            if (override.flag("disabled", false)) {
              disabled.add(metric);
            } else if (override.has("disabled")) {
              disabled.remove(metric);
            }
            addTags(metric, override, tags);
          }
        }
      }
    }
    side.disabledMetrics(new ArrayList<>(disabled)).metricTags(tags);
  }

  private static List<String> metrics(SpecFields match) {
    String metric = match.text("metric", TelemetryKind.ALL_METRICS);
    if (match.has("customMetric")) {
      return Collections.emptyList();
    }
    if (metric.equals(TelemetryKind.ALL_METRICS)) {
      return METRICS;
    }
    return METRICS.contains(metric)
        ? Collections.singletonList(metric)
        : Collections.<String>emptyList();
  }

  private static void addTags(String metric, SpecFields override, List<MetricTag> tags) {
    for (Map.Entry<String, SpecFields> tag :
        override.objectMap("tagOverrides", fields -> fields).entrySet()) {
      String name = tag.getKey();
      boolean remove = tag.getValue().text("operation", "UPSERT").equals("REMOVE");
      String value = tag.getValue().optionalText("value");
      tags.removeIf(known -> known.metric.equals(metric) && known.tag.equals(name));
      if (remove || value != null) {
        tags.add(MetricTag.builder().metric(metric).tag(name).value(remove ? null : value).build());
      }
    }
  }
}
