package dev.weft.policy.cel;

/** Why a text is no expression that can be carried out. */
public final class CelException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean wrong;

  CelException(boolean wrong, String message) {
    super(message, null, false, false);
    this.wrong = wrong;
  }

  /** Whether it is no expression at all, rather than one beyond the subset. */
  public boolean isWrong() {
    return wrong;
  }
}
