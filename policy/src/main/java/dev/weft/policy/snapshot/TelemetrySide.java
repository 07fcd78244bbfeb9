package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What telemetry does of requests in one direction. */
public final class TelemetrySide {
  /** A {@link #samplingPercent} that policy does not say. */
  public static final double UNSAID = -1;

  private static final TelemetrySide NOTHING = new Builder().build();

  /**
   * Share of traces begun here that are recorded, 0 to 100; {@link #UNSAID} leaves it to the agent.
   */
  public final double samplingPercent;

  /** Whether spans are reported. */
  public final boolean spans;

  /** Whether the position in the trace is written on calls. */
  public final boolean propagation;

  /** Further attributes of spans. */
  public final List<SpanTag> tags;

  /** Whether there are lines of the access log. */
  public final Log log;

  /** The expression that is true of requests that get a line, or null for all. */
  public final @Nullable String logFilter;

  /** Istio names of the metrics that are not recorded. */
  public final List<String> disabledMetrics;

  /** What becomes of labels, a later one of the same name replacing an earlier. */
  public final List<MetricTag> metricTags;

  /** Whether there are lines of the access log. */
  public enum Log {
    /** As the agent's own setting says. */
    UNSAID,
    /** None. */
    OFF,
    /** There are, on standard output where the agent's own setting names no file. */
    ON
  }

  private TelemetrySide(Builder b) {
    this.samplingPercent = b.samplingPercent;
    this.spans = b.spans;
    this.propagation = b.propagation;
    this.tags = Copies.of(b.tags);
    this.log = b.log;
    this.logFilter = b.logFilter;
    this.disabledMetrics = Copies.of(b.disabledMetrics);
    this.metricTags = Copies.of(b.metricTags);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .samplingPercent(samplingPercent)
        .spans(spans)
        .propagation(propagation)
        .tags(tags)
        .log(log)
        .logFilter(logFilter)
        .disabledMetrics(disabledMetrics)
        .metricTags(metricTags);
  }

  /** Returns what holds when policy says nothing. */
  public static TelemetrySide unsaid() {
    return NOTHING;
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      samplingPercent, spans, propagation, tags, log, logFilter, disabledMetrics, metricTags
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TelemetrySide
        && Arrays.equals(fields(), ((TelemetrySide) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "TelemetrySide" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private double samplingPercent = UNSAID;
    private boolean spans = true;
    private boolean propagation = true;
    private List<SpanTag> tags = Collections.emptyList();
    private Log log = Log.UNSAID;
    private @Nullable String logFilter;
    private List<String> disabledMetrics = Collections.emptyList();
    private List<MetricTag> metricTags = Collections.emptyList();

    private Builder() {}

    /** Sets {@link TelemetrySide#samplingPercent}. */
    public Builder samplingPercent(double samplingPercent) {
      this.samplingPercent = samplingPercent;
      return this;
    }

    /** Sets {@link TelemetrySide#spans}. */
    public Builder spans(boolean spans) {
      this.spans = spans;
      return this;
    }

    /** Sets {@link TelemetrySide#propagation}. */
    public Builder propagation(boolean propagation) {
      this.propagation = propagation;
      return this;
    }

    /** Sets {@link TelemetrySide#tags}. */
    public Builder tags(List<SpanTag> tags) {
      this.tags = tags;
      return this;
    }

    /** Sets {@link TelemetrySide#log}. */
    public Builder log(Log log) {
      this.log = log;
      return this;
    }

    /** Sets {@link TelemetrySide#logFilter}. */
    public Builder logFilter(@Nullable String logFilter) {
      this.logFilter = logFilter;
      return this;
    }

    /** Sets {@link TelemetrySide#disabledMetrics}. */
    public Builder disabledMetrics(List<String> disabledMetrics) {
      this.disabledMetrics = disabledMetrics;
      return this;
    }

    /** Sets {@link TelemetrySide#metricTags}. */
    public Builder metricTags(List<MetricTag> metricTags) {
      this.metricTags = metricTags;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public TelemetrySide build() {
      return new TelemetrySide(this);
    }
  }
}
