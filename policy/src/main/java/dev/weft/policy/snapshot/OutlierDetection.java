package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When an endpoint that fails is taken out, and for how long (Istio OutlierDetection). */
public final class OutlierDetection {
  /** Answers 5xx in a row that eject; 0 switches this off. */
  public final int consecutive5xxErrors;

  /** Answers 502, 503 or 504 in a row that eject; 0 switches this off. */
  public final int consecutiveGatewayErrors;

  /** Connect failures, resets and timeouts in a row that eject; counted only when split. */
  public final int consecutiveLocalOriginFailures;

  /** Count failures seen by the caller apart from answers of the callee. */
  public final boolean splitExternalLocalOriginErrors;

  /** Time between two sweeps, in milliseconds. */
  public final long intervalMillis;

  /** Ejection time in milliseconds, multiplied by how often the endpoint was ejected. */
  public final long baseEjectionMillis;

  /** Most of the endpoints that may be out at a time, 0 to 100; one may always be. */
  public final int maxEjectionPercent;

  /** Below this share of healthy endpoints ejection is switched off, 0 to 100. */
  public final int minHealthPercent;

  /** The only statuses that are errors of the callee; empty for all of 500 and more. */
  public final List<Integer> errorCodes;

  private OutlierDetection(Builder b) {
    this.consecutive5xxErrors = b.consecutive5xxErrors;
    this.consecutiveGatewayErrors = b.consecutiveGatewayErrors;
    this.consecutiveLocalOriginFailures = b.consecutiveLocalOriginFailures;
    this.splitExternalLocalOriginErrors = b.splitExternalLocalOriginErrors;
    this.intervalMillis = b.intervalMillis;
    this.baseEjectionMillis = b.baseEjectionMillis;
    this.maxEjectionPercent = b.maxEjectionPercent;
    this.minHealthPercent = b.minHealthPercent;
    this.errorCodes = Copies.of(b.errorCodes);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .consecutive5xxErrors(consecutive5xxErrors)
        .consecutiveGatewayErrors(consecutiveGatewayErrors)
        .consecutiveLocalOriginFailures(consecutiveLocalOriginFailures)
        .splitExternalLocalOriginErrors(splitExternalLocalOriginErrors)
        .intervalMillis(intervalMillis)
        .baseEjectionMillis(baseEjectionMillis)
        .maxEjectionPercent(maxEjectionPercent)
        .minHealthPercent(minHealthPercent)
        .errorCodes(errorCodes);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      consecutive5xxErrors,
      consecutiveGatewayErrors,
      consecutiveLocalOriginFailures,
      splitExternalLocalOriginErrors,
      intervalMillis,
      baseEjectionMillis,
      maxEjectionPercent,
      minHealthPercent,
      errorCodes
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OutlierDetection
        && Arrays.equals(fields(), ((OutlierDetection) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "OutlierDetection" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private int consecutive5xxErrors = 5;
    private int consecutiveGatewayErrors;
    private int consecutiveLocalOriginFailures = 5;
    private boolean splitExternalLocalOriginErrors;
    private long intervalMillis = 10_000L;
    private long baseEjectionMillis = 30_000L;
    private int maxEjectionPercent = 10;
    private int minHealthPercent;
    private List<Integer> errorCodes = Collections.emptyList();

    private Builder() {}

    /** Sets {@link OutlierDetection#consecutive5xxErrors}. */
    public Builder consecutive5xxErrors(int consecutive5xxErrors) {
      this.consecutive5xxErrors = consecutive5xxErrors;
      return this;
    }

    /** Sets {@link OutlierDetection#consecutiveGatewayErrors}. */
    public Builder consecutiveGatewayErrors(int consecutiveGatewayErrors) {
      this.consecutiveGatewayErrors = consecutiveGatewayErrors;
      return this;
    }

    /** Sets {@link OutlierDetection#consecutiveLocalOriginFailures}. */
    public Builder consecutiveLocalOriginFailures(int consecutiveLocalOriginFailures) {
      this.consecutiveLocalOriginFailures = consecutiveLocalOriginFailures;
      return this;
    }

    /** Sets {@link OutlierDetection#splitExternalLocalOriginErrors}. */
    public Builder splitExternalLocalOriginErrors(boolean splitExternalLocalOriginErrors) {
      this.splitExternalLocalOriginErrors = splitExternalLocalOriginErrors;
      return this;
    }

    /** Sets {@link OutlierDetection#intervalMillis}. */
    public Builder intervalMillis(long intervalMillis) {
      this.intervalMillis = intervalMillis;
      return this;
    }

    /** Sets {@link OutlierDetection#baseEjectionMillis}. */
    public Builder baseEjectionMillis(long baseEjectionMillis) {
      this.baseEjectionMillis = baseEjectionMillis;
      return this;
    }

    /** Sets {@link OutlierDetection#maxEjectionPercent}. */
    public Builder maxEjectionPercent(int maxEjectionPercent) {
      this.maxEjectionPercent = maxEjectionPercent;
      return this;
    }

    /** Sets {@link OutlierDetection#minHealthPercent}. */
    public Builder minHealthPercent(int minHealthPercent) {
      this.minHealthPercent = minHealthPercent;
      return this;
    }

    /** Sets {@link OutlierDetection#errorCodes}. */
    public Builder errorCodes(List<Integer> errorCodes) {
      this.errorCodes = errorCodes;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public OutlierDetection build() {
      return new OutlierDetection(this);
    }
  }
}
