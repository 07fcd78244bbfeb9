package dev.weft.dataplane.telemetry;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All series of one metric name. Looking a series up builds a key, so callers on the request path
 * keep the series they were given; a lookup belongs where routes are compiled. Thread-safe.
 *
 * @param <S> what one series is
 */
public final class MeterFamily<S> {

  /** How the values of a family are to be read. */
  enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  private final String name;
  private final String description;
  private final Kind kind;
  private final List<String> labelNames;
  private final int maxSeries;
  private final Supplier<S> factory;
  private final Map<Labels, S> series = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();
  private String exportName;
  private List<String> attributeNames;
  private final @Nullable Supplier<Map<Labels, S>> computed;

  MeterFamily(
      String name,
      String description,
      Kind kind,
      int maxSeries,
      Supplier<S> factory,
      String... labelNames) {
    this(name, description, kind, maxSeries, factory, null, labelNames);
  }

  private MeterFamily(
      String name,
      String description,
      Kind kind,
      int maxSeries,
      Supplier<S> factory,
      @Nullable Supplier<Map<Labels, S>> computed,
      String... labelNames) {
    this.computed = computed;
    this.name = name;
    this.description = description;
    this.kind = kind;
    this.maxSeries = maxSeries;
    this.factory = factory;
    this.labelNames = Collections.unmodifiableList(Arrays.asList(labelNames));
    this.exportName = name;
    this.attributeNames = this.labelNames;
  }

  /** Gives it the names that the semantic conventions have for OTLP; before it is registered. */
  MeterFamily<S> exportedAs(String conventional, String... attributes) {
    this.exportName = conventional;
    this.attributeNames = Collections.unmodifiableList(Arrays.asList(attributes));
    return this;
  }

  /** A family whose series, all of the value 1, are those that {@code rows} names at the moment. */
  static MeterFamily<DoubleSupplier> info(
      String name,
      String description,
      int maxSeries,
      Supplier<List<List<String>>> rows,
      String... labelNames) {
    DoubleSupplier one = () -> 1;
    return new MeterFamily<>(
        name,
        description,
        Kind.GAUGE,
        maxSeries,
        () -> one,
        () -> {
          Map<Labels, DoubleSupplier> series = new LinkedHashMap<>();
          for (List<String> row : rows.get()) {
            String[] values = row.toArray(new String[0]);
            series.put(
                series.size() < maxSeries ? Labels.of(values) : Labels.other(values.length), one);
          }
          return series;
        },
        labelNames);
  }

  /**
   * The series for these label values, made when it is new. From the cap on, new values all share
   * one series whose labels read {@code other}, so that what a caller sends can never grow the
   * memory of the application.
   */
  public S with(String... values) {
    if (values.length != labelNames.size()) {
      throw new IllegalArgumentException(
          name + " has the labels " + labelNames + ", not " + values.length + " of them");
    }
    Labels labels = Labels.of(values);
    S known = series.get(labels);
    if (known != null) {
      return known;
    }
    Labels key = isFull() ? Labels.other(values.length) : labels;
    return series.computeIfAbsent(
        key,
        absent -> {
          count.incrementAndGet();
          return factory.get();
        });
  }

  /** The series for labels that policy made, of which so many are told apart, too. */
  S with(Labels labels) {
    S known = series.get(labels);
    if (known != null) {
      return known;
    }
    boolean room = !isFull() && made.get() < Meters.MAX_SERIES;
    return series.computeIfAbsent(
        room ? labels : labels.other(),
        absent -> {
          made.incrementAndGet();
          count.incrementAndGet();
          return factory.get();
        });
  }

  boolean isFull() {
    return count.get() >= maxSeries;
  }

  String name() {
    return name;
  }

  String description() {
    return description;
  }

  Kind kind() {
    return kind;
  }

  List<String> labelNames() {
    return labelNames;
  }

  String exportName() {
    return exportName;
  }

  List<String> attributeNames() {
    return attributeNames;
  }

  Map<Labels, S> series() {
    return computed == null ? series : computed.get();
  }
}
