package dev.weft.dataplane.balance;

/** Which candidates may be picked for this attempt. */
public interface Eligibility {
  /** Whether this one may. */
  boolean eligible(Candidate candidate);

  /** All may. */
  Eligibility ANY = candidate -> true;
}
