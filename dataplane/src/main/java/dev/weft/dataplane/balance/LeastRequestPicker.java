package dev.weft.dataplane.balance;

import dev.weft.dataplane.filter.RandomSource;

/**
 * The less busy of two drawn at random ("power of two choices"), as Envoy does by default: close to
 * the least busy of all without looking at all. With weights, busyness counts per weight.
 */
public final class LeastRequestPicker implements Picker {
  /** The only one. */
  public static final LeastRequestPicker INSTANCE = new LeastRequestPicker();

  private LeastRequestPicker() {}

  @Override
  public int pick(Candidates candidates, Eligibility eligibility, long hash, RandomSource random) {
    int first = RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    if (first < 0 || candidates.size() == 1) {
      return first;
    }
    int second = RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    // The same one twice is no choice; one more draw makes two almost always.
    if (second == first) {
      second = RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    }
    return busier(candidates, first, second) ? second : first;
  }

  /** Whether the first has more in flight per weight than the second. */
  private static boolean busier(Candidates candidates, int first, int second) {
    Candidate one = candidates.get(first);
    Candidate other = candidates.get(second);
    if (!candidates.weighted()) {
      return one.active() > other.active();
    }
    // The draw itself respects the weights already, so only the load per weight is compared.
    return (long) one.active() * other.weight() > (long) other.active() * one.weight();
  }
}
