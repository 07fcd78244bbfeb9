package dev.weft.policy.cel;

import org.jspecify.annotations.Nullable;

/** What an expression can ask of a request, by Envoy's names for it. */
public enum CelFact {
  /** Path with query, a text. */
  REQUEST_PATH("request.path"),
  /** Path without query, a text. */
  REQUEST_URL_PATH("request.url_path"),
  /** Authority, a text. */
  REQUEST_HOST("request.host"),
  /** {@code http} or {@code https}, a text. */
  REQUEST_SCHEME("request.scheme"),
  /** Method, a text. */
  REQUEST_METHOD("request.method"),
  /** {@code HTTP/1.1} or {@code HTTP/2}, a text. */
  REQUEST_PROTOCOL("request.protocol"),
  /** From beginning to end, a duration: a {@link java.time.Duration}. */
  REQUEST_DURATION("request.duration"),
  /** Status, a number: a {@link Long}; 0 when there was no response. */
  RESPONSE_CODE("response.code"),
  /** Why the mesh answered itself, a text. */
  RESPONSE_CODE_DETAILS("response.code_details"),
  /** Address of who called, a text. */
  SOURCE_ADDRESS("source.address"),
  /** Address of the instance called, a text. */
  UPSTREAM_ADDRESS("upstream.address"),
  /** Whether the peer proved an identity, true or false. */
  CONNECTION_MTLS("connection.mtls"),
  /** SPIFFE ID of the peer, a text. */
  CONNECTION_PEER("connection.uri_san_peer_certificate"),
  /** Name of the route, a text. */
  ROUTE_NAME("xds.route_name"),
  /** A header by its name in brackets, a text. */
  REQUEST_HEADERS("request.headers");

  private final String text;

  CelFact(String text) {
    this.text = text;
  }

  /** Returns the fact of that name, or null. */
  static @Nullable CelFact named(String text) {
    for (CelFact each : values()) {
      if (each.text.equals(text)) {
        return each;
      }
    }
    return null;
  }

  /** Returns the name as written. */
  @Override
  public String toString() {
    return text;
  }

  /** What is known of one request. */
  @FunctionalInterface
  public interface Source {
    /**
     * Returns the value, or null when there is none.
     *
     * @param key name of the header in lower case, empty for other facts
     */
    @Nullable Object value(CelFact fact, String key);
  }
}
