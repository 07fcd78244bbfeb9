package dev.weft.dataplane.balance;

import dev.weft.dataplane.filter.RandomSource;

/** Picks one of several candidates. Stateless and thread-safe; never blocks, never allocates. */
public interface Picker {
  /** Index of the candidate picked, or -1 when none is eligible. */
  int pick(Candidates candidates, Eligibility eligibility, RandomSource random);
}
