package dev.weft.dataplane.resilience;

import dev.weft.policy.snapshot.OutlierDetection;

/** Outlier detection of a destination in nanoseconds. Immutable. */
public final class OutlierSettings {
  /** An ejection never lasts longer than this, or than its base when that is more (as Envoy). */
  private static final long LONGEST_EJECTION_NANOS = 300_000_000_000L;

  final int consecutive5xx;
  final int consecutiveGateway;
  final int consecutiveLocal;
  final boolean split;
  final long intervalNanos;
  final long baseNanos;
  final int maxEjectionPercent;
  final int minHealthPercent;
  private final int[] errorCodes;

  private OutlierSettings(OutlierDetection policy) {
    this.consecutive5xx = policy.consecutive5xxErrors;
    this.consecutiveGateway = policy.consecutiveGatewayErrors;
    this.split = policy.splitExternalLocalOriginErrors;
    this.consecutiveLocal = split ? policy.consecutiveLocalOriginFailures : 0;
    this.intervalNanos = Math.max(1, policy.intervalMillis) * 1_000_000;
    this.baseNanos = Math.max(1, policy.baseEjectionMillis) * 1_000_000;
    this.maxEjectionPercent = policy.maxEjectionPercent;
    this.minHealthPercent = policy.minHealthPercent;
    this.errorCodes = new int[policy.errorCodes.size()];
    int count = 0;
    for (Integer code : policy.errorCodes) {
      errorCodes[count++] = code;
    }
  }

  /** From the policy document. */
  public static OutlierSettings of(OutlierDetection policy) {
    return new OutlierSettings(policy);
  }

  /**
   * Endpoints of so many that may be out at a time: the cap rounded down, but one may always be.
   */
  int mostEjected(int endpoints) {
    if (maxEjectionPercent <= 0) {
      return 0;
    }
    return Math.max(1, (int) ((long) endpoints * maxEjectionPercent / 100));
  }

  /** Whether an answer with this status is an error of the callee. */
  boolean isError(int status) {
    if (errorCodes.length == 0) {
      return status >= 500;
    }
    for (int code : errorCodes) {
      if (code == status) {
        return true;
      }
    }
    return false;
  }

  /** How long the nth ejection in a row lasts. */
  long ejectionNanos(int times) {
    long longest = Math.max(LONGEST_EJECTION_NANOS, baseNanos);
    return times >= longest / baseNanos ? longest : baseNanos * times;
  }

  /** Whether so few are healthy that ejection is no help any more. */
  public boolean panics(int endpoints, int ejected) {
    return (long) (endpoints - ejected) * 100 < (long) minHealthPercent * endpoints;
  }
}
