package dev.weft.controlserver.ca;

/**
 * A certificate signing request that will not be signed; the message says why and what would be
 * accepted.
 */
public final class CsrException extends Exception {
  private static final long serialVersionUID = 1L;

  public CsrException(String message) {
    super(message);
  }
}
