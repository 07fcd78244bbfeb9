package dev.weft.dataplane.inbound;

import dev.weft.dataplane.IpText;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.jwt.VerifiedToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What rules ask of one request, found at the first question. For one request, one thread. */
final class Facts {
  private final InboundRequest request;
  private final int trustedProxies;
  private final @Nullable PeerIdentity peer;
  private final String method;
  private @Nullable RequestPaths paths;
  private byte @Nullable [] address;
  private boolean addressAsked;
  private byte @Nullable [] client;
  private byte @Nullable [] own;
  private boolean ownAsked;
  private boolean clientAsked;
  private @Nullable String authority;
  private @Nullable String host;
  private boolean hostAsked;

  /**
   * @param trustedProxies how many proxies in front are believed
   */
  Facts(InboundRequest request, int trustedProxies) {
    this.request = request;
    this.trustedProxies = trustedProxies;
    this.peer = request.peer();
    this.method = request.method();
  }

  @Nullable PeerIdentity peer() {
    return peer;
  }

  String method() {
    return method;
  }

  int port() {
    return request.localPort();
  }

  List<String> headers(String name) {
    return request.headers(name);
  }

  String remoteAddress() {
    return request.remoteAddress();
  }

  RequestPaths paths() {
    RequestPaths known = paths;
    if (known == null) {
      known = RequestPaths.of(request);
      paths = known;
    }
    return known;
  }

  byte @Nullable [] address() {
    if (!addressAsked) {
      address = IpText.parse(request.remoteAddress());
      addressAsked = true;
    }
    return address;
  }

  /** The address that the request came in on; null where there is none. */
  byte @Nullable [] ownAddress() {
    if (!ownAsked) {
      own = IpText.parse(request.localAddress());
      ownAsked = true;
    }
    return own;
  }

  /** The server name that the peer asked for, in lower case; null for none. */
  @Nullable String serverName() {
    return request.indicatedServerName();
  }

  /** Whose token the request carries; null for nobody's. */
  @Nullable VerifiedToken token() {
    return request.token();
  }

  /**
   * The original client, as {@code trustedProxies} proxies in front tell it: the last entries of
   * {@code X-Forwarded-For} are theirs, what stands before them anybody may have written. Who came
   * past them, or by a proxy that does not tell, is the client itself, as in Envoy.
   */
  byte @Nullable [] client() {
    if (trustedProxies == 0) {
      return address();
    }
    if (!clientAsked) {
      clientAsked = true;
      String forwarded = String.join(",", request.headers("x-forwarded-for"));
      int end = forwarded.length();
      int start = forwarded.lastIndexOf(',');
      for (int skip = 1; skip < trustedProxies && end >= 0; skip++) {
        end = start;
        start = end < 0 ? -1 : forwarded.lastIndexOf(',', end - 1);
      }
      byte[] told = end < 0 ? null : IpText.parse(forwarded.substring(start + 1, end).trim());
      client = told == null ? address() : told;
    }
    return client;
  }

  /** Two Host headers, or one in which readers may see different hosts. */
  boolean ambiguousHost() {
    List<String> values = request.headers("host");
    return values.size() > 1 || (values.size() == 1 && !wellFormed(values.get(0)));
  }

  private static boolean wellFormed(String authority) {
    for (int i = 0; i < authority.length(); i++) {
      char c = authority.charAt(i);
      boolean name = Character.digit(c, 36) >= 0 && c < 0x80;
      if (!name && "-._~:[]%".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The Host header as it came; null when absent. */
  @Nullable String authority() {
    if (!hostAsked) {
      List<String> values = request.headers("host");
      authority = values.isEmpty() ? null : values.get(0);
      host = authority == null ? null : withoutPort(authority);
      hostAsked = true;
    }
    return authority;
  }

  /** The host without port and trailing dot; null when absent. */
  @Nullable String host() {
    authority();
    return host;
  }

  private static String withoutPort(String authority) {
    int end = authority.length();
    int colon = authority.lastIndexOf(':');
    if (colon > authority.lastIndexOf(']')) {
      end = colon;
    }
    if (end > 0 && authority.charAt(end - 1) == '.') {
      end--;
    }
    return authority.substring(0, end);
  }
}
