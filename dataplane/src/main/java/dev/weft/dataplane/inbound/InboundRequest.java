package dev.weft.dataplane.inbound;

import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.jwt.VerifiedToken;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as the container received it. Paths are given three times, because a policy must not be
 * avoidable by writing the same path differently. Used by the thread that serves the request.
 */
public interface InboundRequest {
  /** Method as on the wire. */
  String method();

  /** {@code http} or {@code https}, as the application sees it. */
  String scheme();

  /**
   * HTTP version as the semantic conventions write it, {@code 1.1} or {@code 2}; null when the
   * container does not tell. A constant: it is asked for every request.
   */
  default @Nullable String protocolVersion() {
    return null;
  }

  /** All values of a header, in order; names are case-insensitive; empty when absent. */
  List<String> headers(String name);

  /** The names of all headers, each once or more often, in any case. */
  Iterable<String> headerNames();

  /** Path as on the wire, undecoded, with {@code ?query}. */
  String rawPath();

  /** Path as the container decoded and normalised it, without query. */
  String decodedPath();

  /** Path by which the container chose the servlet; null when it chose none. */
  @Nullable String mappedPath();

  /** Address of the TCP peer, as a literal. */
  String remoteAddress();

  /** Address the request came in on, as a literal; empty where there is none. */
  String localAddress();

  /** Port the request came in on. */
  int localPort();

  /**
   * Replaces all values of a header, for the policies that follow and for the application.
   *
   * @param value without control characters
   */
  void setHeader(String name, String value);

  /** Takes all values of a header out, for the policies that follow and for the application. */
  void removeHeader(String name);

  /**
   * The answer to this request, whoever gives it, is to have this header once, with this value,
   * whatever the application says it is. Its own values of the header are dropped.
   *
   * @param value without control characters
   */
  void setAnswerHeader(String name, String value);

  /**
   * The answer to this request, whoever gives it, is to have this value of the header beside those
   * that the application gives: for cookies, of which each is a header by itself.
   *
   * @param value without control characters
   */
  void addAnswerHeader(String name, String value);

  /**
   * Whether {@link #setAnswerHeader} has an effect also while the application serves the request,
   * on the thread that does; what {@link #tellCaller} goes by where a server says nothing else.
   */
  default boolean tellsCallers() {
    return false;
  }

  /**
   * Sets a header of the answer while the application serves the request, where this thread can; no
   * effect where the answer is on its way already.
   *
   * @param serving whether this is the thread that serves it: no other may touch the answer of most
   *     servers
   */
  default void tellCaller(String name, String value, boolean serving) {
    if (serving && tellsCallers()) {
      setAnswerHeader(name, value);
    }
  }

  /**
   * The body's beginning, which stays where it is: whoever reads the request next reads the same
   * bytes from the first one on. Waits for as many bytes as are asked for, or the body's end; asks
   * a client that waits for {@code 100-continue} to go on. May be asked again, for more or fewer.
   *
   * @param most how many bytes at most
   * @param timeoutNanos how long the client may take
   * @return fewer than {@code most} only where the body ends with them
   * @throws java.net.SocketTimeoutException when they did not come in time
   * @throws IOException when the body is broken off or malformed, or this server cannot give back
   *     what was read; that is so where a server says nothing else
   */
  default byte[] peekBody(int most, long timeoutNanos) throws IOException {
    throw new IOException("this server cannot read a body before the application does");
  }

  /** Whose token it carries; null where there is none, or no policy asks for one. */
  default @Nullable VerifiedToken token() {
    return null;
  }

  /** Who the TLS session proved the peer to be; null for plaintext. */
  @Nullable PeerIdentity peer();

  /**
   * The server name that the peer asked for in the handshake of the mesh (SNI), in lower case; null
   * for plaintext, for TLS of the application's own, and where it asked for none.
   */
  @Nullable String indicatedServerName();
}
