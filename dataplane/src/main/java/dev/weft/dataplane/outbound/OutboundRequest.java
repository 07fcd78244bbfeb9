package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.dataplane.filter.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * One logical request of the application, seen through an adapter over the library's own object.
 * Used by one thread at a time. Header names are case-insensitive.
 */
public interface OutboundRequest extends RequestHead, HeaderEditor {
  /**
   * Whether the request can be sent once more, body included. Asked after an attempt failed, so
   * that an adapter can answer true for a one-shot body of which nothing has been read, and false
   * beyond its replay buffer of 64 KiB.
   */
  boolean replayable();

  /** Whether sending it twice does what sending it once does (RFC 9110, section 9.2.2). */
  default boolean idempotent() {
    switch (method()) {
      case "GET":
      case "HEAD":
      case "OPTIONS":
      case "TRACE":
      case "PUT":
      case "DELETE":
        return true;
      default:
        return false;
    }
  }

  /**
   * Whether the request has a connection to itself, as in HTTP/1.1: it takes one of {@code
   * maxConnections}, and {@code Connection: close} may ask for its end after the answer. Not where
   * requests are known to share one, as those of gRPC.
   */
  default boolean ownsConnection() {
    return true;
  }

  /**
   * Asks the adapter to send another path than the application's; {@link #path()} goes on telling
   * the application's. Called at most once, before the first attempt.
   *
   * @param pathAndQuery a raw path that begins with {@code /}, with {@code ?query} if it has one
   * @return whether the library can; if not, the call is refused rather than sent as it was
   */
  default boolean rewritePath(String pathAndQuery) {
    return false;
  }

  /**
   * Asks the adapter to write another Host header than the application's authority, without going
   * elsewhere. Called at most once, before the first attempt.
   *
   * @return whether the library can; if not, the call is refused rather than sent as it was
   */
  default boolean rewriteAuthority(String authority) {
    return false;
  }

  /**
   * Copies what was sent, to be sent to a mirror too: called when the call is over, on the thread
   * that it ends on, and only of requests that an attempt was made of.
   *
   * @param copy gets every header
   * @return the body, empty when there is none; null when not all of it is known, or it is beyond
   *     {@link ReplayBuffer#LIMIT}: then nothing is sent
   */
  default byte @Nullable [] copyTo(HeaderEditor copy) {
    return null;
  }
}
