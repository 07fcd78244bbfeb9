package dev.weft.dataplane.balance;

import dev.weft.dataplane.filter.RandomSource;

/** Picks one of several candidates. Thread-safe; never blocks, allocates nothing per pick. */
public interface Picker {
  /**
   * Index of the candidate picked, or -1 when none is eligible.
   *
   * @param hash what consistent hashing goes by ({@link TextHash}), {@link TextHash#NONE} when the
   *     request has nothing to hash; other pickers do not look at it
   */
  int pick(Candidates candidates, Eligibility eligibility, long hash, RandomSource random);

  /** The same for who has nothing to hash. */
  default int pick(Candidates candidates, Eligibility eligibility, RandomSource random) {
    return pick(candidates, eligibility, TextHash.NONE, random);
  }
}
