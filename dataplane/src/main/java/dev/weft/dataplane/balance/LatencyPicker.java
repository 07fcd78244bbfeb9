package dev.weft.dataplane.balance;

import dev.weft.dataplane.filter.RandomSource;

/**
 * The cheaper of two drawn at random, by latency and calls under way (peak EWMA, as Finagle and
 * Linkerd balance). With weights, cost counts per weight.
 */
public final class LatencyPicker implements Picker {
  /** The only one. */
  public static final LatencyPicker INSTANCE = new LatencyPicker();

  private LatencyPicker() {}

  @Override
  public int pick(Candidates candidates, Eligibility eligibility, long hash, RandomSource random) {
    int first = RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    if (first < 0 || candidates.size() == 1) {
      return first;
    }
    int second = RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    if (second == first) {
      second = RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    }
    Candidate one = candidates.get(first);
    Candidate other = candidates.get(second);
    return one.cost() * other.weight() > other.cost() * one.weight() ? second : first;
  }
}
