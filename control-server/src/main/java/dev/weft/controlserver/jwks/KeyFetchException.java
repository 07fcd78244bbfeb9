package dev.weft.controlserver.jwks;

/** Why keys could not be had; the message repeats nothing of what was answered. */
final class KeyFetchException extends Exception {
  private static final long serialVersionUID = 1;

  KeyFetchException(String message) {
    super(message);
  }
}
