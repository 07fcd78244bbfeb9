package dev.weft.dataplane.balance;

import dev.weft.dataplane.filter.RandomSource;

/** Each in its turn, weights kept by a smooth order. */
public final class RoundRobinPicker implements Picker {
  /** The only one. */
  public static final RoundRobinPicker INSTANCE = new RoundRobinPicker();

  private RoundRobinPicker() {}

  @Override
  public int pick(Candidates candidates, Eligibility eligibility, long hash, RandomSource random) {
    if (candidates.size() == 0) {
      return -1;
    }
    return candidates.scanFrom(candidates.nextTurn(), eligibility);
  }
}
