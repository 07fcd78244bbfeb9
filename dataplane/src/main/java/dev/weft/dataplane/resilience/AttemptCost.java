package dev.weft.dataplane.resilience;

/** What an attempt that failed may have cost the callee. */
public enum AttemptCost {
  /** Nothing: there was no connection. */
  NONE,
  /** Perhaps something: the connection ended before an answer, as when an instance is killed. */
  UNKNOWN,
  /** Work: it answered, or may have worked until the time was over. */
  WORK
}
