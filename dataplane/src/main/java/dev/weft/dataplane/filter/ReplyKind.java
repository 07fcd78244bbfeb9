package dev.weft.dataplane.filter;

/**
 * How a refusal looks where the library has an exception of its own for it. An adapter that can
 * make a response always may do so with {@link LocalReply#status()}.
 */
public enum ReplyKind {
  /** A response with the status a sidecar would have given. */
  RESPONSE,
  /** No connection could be made, natively {@code ConnectException}. */
  CONNECT_FAILURE,
  /** A deadline passed, natively {@code SocketTimeoutException}. */
  TIMEOUT,
  /** No such service any more, natively {@code UnknownHostException}. */
  UNKNOWN_HOST,
  /** The peer's or our own identity does not hold, natively {@code SSLException}. */
  IDENTITY_REFUSED
}
