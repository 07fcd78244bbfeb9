package dev.weft.dataplane.origination;

/** A file that policy names is not what it should be; the message names it and says why. */
final class UnusableFileException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Without the cause: what a library says of a damaged key may quote it. */
  UnusableFileException(String field, String path, String why) {
    super(field + " " + path + " " + why);
  }
}
