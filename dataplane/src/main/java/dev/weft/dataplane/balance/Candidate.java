package dev.weft.dataplane.balance;

/** One endpoint as a picker sees it. Thread-safe. */
public interface Candidate {
  /** Relative weight, at least 1. */
  int weight();

  /** Calls in flight. */
  int active();
}
