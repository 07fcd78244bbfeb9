package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableDoublePointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableLongPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Our counters as the SDK's metrics, read when its reader asks, so that a request pays for one set
 * of counters whatever number of exporters there is. Cumulative, as the counters are.
 */
final class MetricBridge implements MetricProducer {

  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("dev.weft");

  private final Meters meters;
  private final LongSupplier epochNanos;
  private final long start;

  private MetricBridge(Meters meters, LongSupplier epochNanos) {
    this.meters = meters;
    this.epochNanos = epochNanos;
    this.start = epochNanos.getAsLong();
  }

  static MetricBridge of(Meters meters) {
    return new MetricBridge(meters, () -> System.currentTimeMillis() * 1_000_000);
  }

  @Override
  public Collection<MetricData> produce(Resource resource) {
    long now = epochNanos.getAsLong();
    List<MetricData> all = new ArrayList<>();
    for (MeterFamily<?> family : meters.families()) {
      if (!family.series().isEmpty()) {
        all.add(metric(resource, family, now));
      }
    }
    return all;
  }

  private MetricData metric(Resource resource, MeterFamily<?> family, long now) {
    List<LongPointData> longs = new ArrayList<>();
    List<DoublePointData> doubles = new ArrayList<>();
    List<HistogramPointData> histograms = new ArrayList<>();
    for (Map.Entry<Labels, ?> series : family.series().entrySet()) {
      Attributes attributes = attributes(family, series.getKey());
      Object value = series.getValue();
      if (value instanceof Histogram) {
        histograms.add(histogram((Histogram) value, attributes, now));
      } else if (value instanceof LongAdder) {
        longs.add(ImmutableLongPointData.create(start, now, attributes, ((LongAdder) value).sum()));
      } else {
        doubles.add(
            ImmutableDoublePointData.create(
                start, now, attributes, ((DoubleSupplier) value).getAsDouble()));
      }
    }
    String name = name(family);
    String text = family.description();
    AggregationTemporality cumulative = AggregationTemporality.CUMULATIVE;
    if (!histograms.isEmpty()) {
      return ImmutableMetricData.createDoubleHistogram(
          resource, SCOPE, name, text, "s", ImmutableHistogramData.create(cumulative, histograms));
    }
    if (!doubles.isEmpty()) {
      return ImmutableMetricData.createDoubleGauge(
          resource, SCOPE, name, text, "1", ImmutableGaugeData.create(doubles));
    }
    boolean monotonic = family.kind() == MeterFamily.Kind.COUNTER;
    return ImmutableMetricData.createLongSum(
        resource, SCOPE, name, text, "1", ImmutableSumData.create(monotonic, cumulative, longs));
  }

  private HistogramPointData histogram(Histogram histogram, Attributes attributes, long now) {
    List<Double> bounds =
        Arrays.stream(histogram.boundsSeconds()).boxed().collect(Collectors.toList());
    List<Long> counts = Arrays.stream(histogram.counts()).boxed().collect(Collectors.toList());
    return ImmutableHistogramPointData.create(
        start, now, attributes, histogram.sumSeconds(), false, 0, false, 0, bounds, counts);
  }

  private static Attributes attributes(MeterFamily<?> family, Labels labels) {
    AttributesBuilder out = Attributes.builder();
    List<String> names = labels.names(family.attributeNames());
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String value = labels.values().get(i);
      if (!value.isEmpty()) {
        out.put(AttributeKey.stringKey(name), value);
      }
    }
    return out.build();
  }

  /** Prometheus appends a counter's {@code _total} and a unit by itself when it takes OTLP. */
  private static String name(MeterFamily<?> family) {
    String name = family.exportName();
    if (name.endsWith("_total")) {
      name = name.substring(0, name.length() - "_total".length());
    } else if (name.endsWith("_seconds")) {
      name = name.substring(0, name.length() - "_seconds".length());
    }
    return name.replaceFirst("^weft_", "weft.");
  }
}
