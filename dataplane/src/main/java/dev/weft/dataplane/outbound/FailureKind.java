package dev.weft.dataplane.outbound;

import java.util.Locale;

/** What a failed attempt means, whatever the library calls it. */
public enum FailureKind {
  /** No connection came about, so no byte of the request was written. */
  CONNECT,
  /** The connection ended before a response; bytes may have been written. */
  RESET,
  /** The other side refused to process the request (HTTP/2 {@code REFUSED_STREAM}, GOAWAY). */
  REFUSED_STREAM,
  /** Nothing came in time. */
  TIMEOUT,
  /**
   * One of the two identities did not hold in the handshake. Never retried on the same endpoint.
   */
  IDENTITY_REFUSED,
  /** The thread was interrupted or the call cancelled by the application. Never retried. */
  CANCELLED,
  /** Anything else: the application's own doing, such as a bad request. Never retried. */
  OTHER;

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The kind as logs and metrics write it: {@code refused-stream}. */
  public String word() {
    return word;
  }
}
