package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Ceiling on retries in proportion to the requests of the last interval. */
public final class RetryBudget {
  private static final RetryBudget DEFAULTS = new Builder().build();

  /** Retries per hundred requests, 0 to 100. */
  public final double percent;

  /** Retries at a time that are always allowed. */
  public final int minRetryConcurrency;

  /** Length of the window in which requests are counted, in milliseconds. */
  public final long budgetIntervalMillis;

  private RetryBudget(Builder b) {
    this.percent = b.percent;
    this.minRetryConcurrency = b.minRetryConcurrency;
    this.budgetIntervalMillis = b.budgetIntervalMillis;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .percent(percent)
        .minRetryConcurrency(minRetryConcurrency)
        .budgetIntervalMillis(budgetIntervalMillis);
  }

  /** Returns the budget of a service that sets none: 20 % of the requests of 10 s, and 3 always. */
  public static RetryBudget defaults() {
    return DEFAULTS;
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {percent, minRetryConcurrency, budgetIntervalMillis};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RetryBudget && Arrays.equals(fields(), ((RetryBudget) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "RetryBudget" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private double percent = 20.0;
    private int minRetryConcurrency = 3;
    private long budgetIntervalMillis = 10_000L;

    private Builder() {}

    /** Sets {@link RetryBudget#percent}. */
    public Builder percent(double percent) {
      this.percent = percent;
      return this;
    }

    /** Sets {@link RetryBudget#minRetryConcurrency}. */
    public Builder minRetryConcurrency(int minRetryConcurrency) {
      this.minRetryConcurrency = minRetryConcurrency;
      return this;
    }

    /** Sets {@link RetryBudget#budgetIntervalMillis}. */
    public Builder budgetIntervalMillis(long budgetIntervalMillis) {
      this.budgetIntervalMillis = budgetIntervalMillis;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public RetryBudget build() {
      return new RetryBudget(this);
    }
  }
}
