package dev.weft.dataplane.balance;

/** One endpoint as a picker sees it. Thread-safe. */
public interface Candidate {
  /** Relative weight, at least 1. */
  int weight();

  /** What it is known by in every process and snapshot, such as its address; made when asked. */
  String key();

  /** Calls in flight. */
  int active();

  /** What one more call there costs, in no unit; only compared. */
  default double cost() {
    return active();
  }
}
