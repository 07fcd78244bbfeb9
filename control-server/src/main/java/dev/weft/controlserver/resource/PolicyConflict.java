package dev.weft.controlserver.resource;

/** A change that is well-formed but goes against what is in force; nothing was changed. */
public final class PolicyConflict extends Exception {
  private static final long serialVersionUID = 1L;

  PolicyConflict(String message) {
    super(message, null, false, false);
  }

  /** Says what stands in the way and what to do about it. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
