package dev.weft.dataplane.balance;

/**
 * The part of its weight that an endpoint has while it is new, as Envoy's slow start: {@code
 * max(least, (age / window) ^ (1 / aggression))}. Immutable.
 */
public final class SlowStart {
  private static final long FIRST_NANOS = 1_000_000_000L;

  private final long windowNanos;
  private final double least;
  private final double exponent;

  private SlowStart(long windowNanos, double least, double exponent) {
    this.windowNanos = windowNanos;
    this.least = least;
    this.exponent = exponent;
  }

  /**
   * A slow start.
   *
   * @param least the part to begin with, 0 to 1
   * @param aggression greater than 0; 1 is a straight rise
   */
  public static SlowStart of(long windowNanos, double least, double aggression) {
    return new SlowStart(windowNanos, least, 1 / aggression);
  }

  /** How long it takes. */
  public long windowNanos() {
    return windowNanos;
  }

  /** The part at this age, greater than 0 and at most 1. */
  public double part(long ageNanos) {
    if (ageNanos >= windowNanos) {
      return 1;
    }
    // As Envoy: from the first second on, so that nobody begins with nothing.
    double share = (double) Math.max(ageNanos, FIRST_NANOS) / windowNanos;
    return Math.min(1, Math.max(least, Math.pow(share, exponent)));
  }
}
