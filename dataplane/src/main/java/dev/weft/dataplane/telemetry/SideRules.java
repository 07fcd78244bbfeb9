package dev.weft.dataplane.telemetry;

import dev.weft.policy.cel.CelException;
import dev.weft.policy.cel.CelExpression;
import dev.weft.policy.snapshot.MetricTag;
import dev.weft.policy.snapshot.SpanTag;
import dev.weft.policy.snapshot.TelemetrySide;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What policy says telemetry does of requests in one direction. Immutable. */
final class SideRules {
  static final String REQUEST_COUNT = "REQUEST_COUNT";
  static final String REQUEST_DURATION = "REQUEST_DURATION";

  /** Traces whose low 63 bits are below this are recorded; negative when policy does not say. */
  private final long threshold;

  private final boolean saysSampling;
  private final TelemetrySide document;
  private final List<Tag> tags;
  private final String[] headers;
  private final @Nullable CelExpression logFilter;
  private final boolean counts;
  private final boolean times;
  private final @Nullable MetricTags countTags;
  private final @Nullable MetricTags timeTags;

  /** An attribute of spans. */
  static final class Tag {
    final String name;

    /** Its value, or the one where the header is not there. */
    final @Nullable String value;

    /** Which of {@link SideRules#headers}, or -1. */
    final int header;

    private Tag(String name, @Nullable String value, int header) {
      this.name = name;
      this.value = value;
      this.header = header;
    }
  }

  private SideRules(
      TelemetrySide side, Function<String, @Nullable String> environment, Runnable fault) {
    this.document = side;
    this.saysSampling = side.samplingPercent >= 0;
    double ratio = side.samplingPercent / 100;
    this.threshold = ratio >= 1 ? Long.MAX_VALUE : (long) (ratio * Long.MAX_VALUE);
    this.logFilter = side.logFilter == null ? null : parsed(side.logFilter, fault);
    this.counts = !side.disabledMetrics.contains(REQUEST_COUNT);
    this.times = !side.disabledMetrics.contains(REQUEST_DURATION);
    this.countTags = metricTags(side, REQUEST_COUNT, fault);
    this.timeTags = metricTags(side, REQUEST_DURATION, fault);
    Set<String> wanted = new LinkedHashSet<>();
    for (SpanTag tag : side.tags) {
      if (tag.origin == SpanTag.Origin.HEADER) {
        wanted.add(tag.value.toLowerCase(Locale.ROOT));
      }
    }
    addHeaders(logFilter, wanted);
    for (MetricTags each : new @Nullable MetricTags[] {countTags, timeTags}) {
      if (each != null) {
        each.expressions().forEach(expression -> addHeaders(expression, wanted));
      }
    }
    List<String> names = new ArrayList<>(wanted);
    this.headers = names.toArray(new String[0]);
    this.tags = tags(side, environment, names);
  }

  static SideRules of(
      TelemetrySide side, Function<String, @Nullable String> environment, Runnable fault) {
    return new SideRules(side, environment, fault);
  }

  private static void addHeaders(@Nullable CelExpression expression, Set<String> wanted) {
    if (expression != null) {
      wanted.addAll(expression.headers());
    }
  }

  private static @Nullable MetricTags metricTags(
      TelemetrySide side, String metric, Runnable fault) {
    List<String> names = new ArrayList<>();
    List<@Nullable CelExpression> values = new ArrayList<>();
    for (MetricTag tag : side.metricTags) {
      if (tag.metric.equals(metric)) {
        CelExpression value = tag.value == null ? null : parsed(tag.value, fault);
        if (value != null || tag.value == null) {
          // What Prometheus takes for the name of a label.
          names.add(tag.tag.replaceAll("[^a-zA-Z0-9_]", "_"));
          values.add(value);
        }
      }
    }
    return names.isEmpty() ? null : new MetricTags(names, values);
  }

  private static @Nullable CelExpression parsed(String text, Runnable fault) {
    try {
      return CelExpression.parse(text);
    } catch (CelException e) {
      fault.run();
      return null;
    }
  }

  private static List<Tag> tags(
      TelemetrySide side, Function<String, @Nullable String> environment, List<String> headers) {
    List<Tag> tags = new ArrayList<>();
    for (SpanTag tag : side.tags) {
      switch (tag.origin) {
        case LITERAL:
          tags.add(new Tag(tag.name, tag.value, -1));
          break;
        case ENVIRONMENT:
          String set = environment.apply(tag.value);
          tags.add(new Tag(tag.name, set == null ? tag.defaultValue : set, -1));
          break;
        case HEADER:
          int header = headers.indexOf(tag.value.toLowerCase(Locale.ROOT));
          tags.add(new Tag(tag.name, tag.defaultValue, header));
          break;
      }
    }
    return tags;
  }

  /** Whether spans are reported. */
  boolean spans() {
    return document.spans;
  }

  /** Whether the position in the trace is written on calls. */
  boolean propagates() {
    return document.propagation;
  }

  boolean saysSampling() {
    return saysSampling;
  }

  /** Whether a trace that begins here is recorded. */
  boolean samples(TraceContext root) {
    return threshold == Long.MAX_VALUE || (root.traceIdLow() & Long.MAX_VALUE) < threshold;
  }

  TelemetrySide.Log log() {
    return document.log;
  }

  /** Whether a request gets a line in the access log; asked on the log's own thread. */
  boolean logs(Exchange exchange) {
    CelExpression filter = logFilter;
    try {
      return filter == null || filter.holds(new ExchangeFacts(exchange));
    } catch (RuntimeException | StackOverflowError e) {
      // Rather a line too many than no log any more.
      return true;
    }
  }

  /** Headers of requests that somebody will ask for, in lower case. */
  String[] headers() {
    return headers;
  }

  List<Tag> tags() {
    return tags;
  }

  /** Counts a finished request as policy wants it counted. */
  void record(Exchange exchange, Meters meters) {
    RequestMeter meter = exchange.meter.route(exchange.route);
    if (counts) {
      if (countTags == null) {
        meter.count(exchange.status, exchange.flag);
      } else {
        countTags.count(exchange, meters);
      }
    }
    if (times) {
      if (timeTags == null) {
        meter.time(exchange.durationNanos);
      } else {
        timeTags.time(exchange, meters);
      }
    }
  }
}
