package dev.weft.dataplane.balance;

import dev.weft.dataplane.filter.RandomSource;

/**
 * The less loaded of two drawn at random ("power of two choices"): close to the least loaded of all
 * without looking at all. With weights, load counts per weight; the draw itself respects them.
 */
abstract class TwoChoicePicker implements Picker {
  /** What is compared, in no unit. */
  abstract double load(Candidate candidate);

  @Override
  public final int pick(
      Candidates candidates, Eligibility eligibility, long hash, RandomSource random) {
    int first = RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    if (first < 0 || candidates.size() == 1) {
      return first;
    }
    int second = RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    // The same one twice is no choice; one more draw makes two almost always.
    if (second == first) {
      second = RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    }
    Candidate one = candidates.get(first);
    Candidate other = candidates.get(second);
    return load(one) * other.weight() > load(other) * one.weight() ? second : first;
  }
}
