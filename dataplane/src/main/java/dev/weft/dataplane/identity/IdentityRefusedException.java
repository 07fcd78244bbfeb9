package dev.weft.dataplane.identity;

import javax.net.ssl.SSLException;

/**
 * The peer's identity was refused by us, or ours by the peer. Not a sign that the peer is down, so
 * another attempt at the same peer is of no use.
 */
public final class IdentityRefusedException extends SSLException {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param message who was refused and why
   */
  public IdentityRefusedException(String message) {
    super(message);
  }

  /**
   * A refusal with its cause.
   *
   * @param message who was refused and why
   */
  public IdentityRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
