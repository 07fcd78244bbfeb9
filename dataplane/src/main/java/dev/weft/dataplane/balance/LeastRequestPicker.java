package dev.weft.dataplane.balance;

/** The one with fewer calls in flight of two drawn at random, as Envoy does by default. */
public final class LeastRequestPicker extends TwoChoicePicker {
  /** The only one. */
  public static final LeastRequestPicker INSTANCE = new LeastRequestPicker();

  private LeastRequestPicker() {}

  @Override
  double load(Candidate candidate) {
    return candidate.active();
  }
}
