package dev.weft.dataplane.balance;

import dev.weft.dataplane.filter.RandomSource;

/** Any, drawn by weight. */
public final class RandomPicker implements Picker {
  /** The only one. */
  public static final RandomPicker INSTANCE = new RandomPicker();

  /** Draws before the scan; a scan favours the neighbour of one that is out. */
  static final int DRAWS = 8;

  private RandomPicker() {}

  @Override
  public int pick(Candidates candidates, Eligibility eligibility, long hash, RandomSource random) {
    if (candidates.size() == 0) {
      return -1;
    }
    for (int i = 0; i < DRAWS; i++) {
      int index = candidates.draw(random);
      if (eligibility.eligible(candidates.get(index))) {
        return index;
      }
    }
    return candidates.scanFrom(random.nextInt(candidates.size()), eligibility);
  }
}
