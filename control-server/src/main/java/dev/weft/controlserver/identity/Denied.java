package dev.weft.controlserver.identity;

/**
 * A credential that does not carry what was asked; the message goes to the caller and names no
 * secret.
 */
public final class Denied extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean authenticated;

  private Denied(boolean authenticated, String message) {
    super(message);
    this.authenticated = authenticated;
  }

  /** Nobody we know. */
  public static Denied unknown(String message) {
    return new Denied(false, message);
  }

  /** Somebody we know, who may not do this. */
  public static Denied forbidden(String message) {
    return new Denied(true, message);
  }

  /** Whether the caller is known (403) or not (401). */
  public boolean authenticated() {
    return authenticated;
  }
}
