package dev.weft.dataplane.balance;

/**
 * The cheaper of two drawn at random, by latency and calls under way (peak EWMA, as Finagle and
 * Linkerd balance).
 */
public final class LatencyPicker extends TwoChoicePicker {
  /** The only one. */
  public static final LatencyPicker INSTANCE = new LatencyPicker();

  private LatencyPicker() {}

  @Override
  double load(Candidate candidate) {
    return candidate.cost();
  }
}
