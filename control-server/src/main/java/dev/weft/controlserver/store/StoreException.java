package dev.weft.controlserver.store;

/** A change that could not be made durable, and was therefore not made. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
