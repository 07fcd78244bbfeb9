package dev.weft.dataplane.inbound;

import java.util.Locale;

/** What came of asking an authorizer. */
public enum CheckOutcome {
  /** It lets the request in. */
  ALLOWED,
  /** It refuses the request. */
  DENIED,
  /** It could not be asked, or its answer was an error. */
  FAILED,
  /** It did not answer in time. */
  TIMEOUT;

  /** As a metric's label has it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
