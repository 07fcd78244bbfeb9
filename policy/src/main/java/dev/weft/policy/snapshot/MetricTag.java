package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What becomes of one label of one metric (Istio MetricsOverrides.TagOverride). */
public final class MetricTag {
  /** Istio name of the metric. */
  public final String metric;

  /** Name of the label. */
  public final String tag;

  /** The expression whose value it has, or null when it is removed. */
  public final @Nullable String value;

  private MetricTag(Builder b) {
    this.metric = b.metric;
    this.tag = b.tag;
    this.value = b.value;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().metric(metric).tag(tag).value(value);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {metric, tag, value};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MetricTag && Arrays.equals(fields(), ((MetricTag) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "MetricTag" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String metric = "";
    private String tag = "";
    private @Nullable String value;

    private Builder() {}

    /** Sets {@link MetricTag#metric}. */
    public Builder metric(String metric) {
      this.metric = metric;
      return this;
    }

    /** Sets {@link MetricTag#tag}. */
    public Builder tag(String tag) {
      this.tag = tag;
      return this;
    }

    /** Sets {@link MetricTag#value}. */
    public Builder value(@Nullable String value) {
      this.value = value;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public MetricTag build() {
      return new MetricTag(this);
    }
  }
}
