package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a span: the stable HTTP semantic conventions of OpenTelemetry, and under {@code
 * weft.} what they have no name for.
 */
final class SpanAttributes {

  // Constants of the compiler's: naming them elsewhere loads nothing of OpenTelemetry.
  static final String SERVICE_NAME = "weft.service";
  static final String ROUTE_NAME = "weft.route";
  static final String FLAG_NAME = "weft.response_flag";
  static final String DETAIL_NAME = "weft.response_detail";
  static final String PEER_NAME = "weft.peer";
  static final String ATTEMPTS_NAME = "weft.attempts";
  static final String RETRY_REASON_NAME = "weft.retry.reason";
  static final String RETRY_ATTEMPT_NAME = "weft.attempt";
  static final String RETRY_ENDPOINT_NAME = "weft.endpoint";

  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> METHOD_ORIGINAL =
      AttributeKey.stringKey("http.request.method_original");
  private static final AttributeKey<Long> RESENDS =
      AttributeKey.longKey("http.request.resend_count");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> URL_FULL = AttributeKey.stringKey("url.full");
  private static final AttributeKey<String> URL_SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<String> URL_PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> URL_QUERY = AttributeKey.stringKey("url.query");
  private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
  private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
  private static final AttributeKey<String> NETWORK_PEER =
      AttributeKey.stringKey("network.peer.address");
  private static final AttributeKey<Long> NETWORK_PEER_PORT =
      AttributeKey.longKey("network.peer.port");
  private static final AttributeKey<String> PROTOCOL =
      AttributeKey.stringKey("network.protocol.version");
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey(SERVICE_NAME);
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey(ROUTE_NAME);
  private static final AttributeKey<String> FLAG = AttributeKey.stringKey(FLAG_NAME);
  private static final AttributeKey<String> DETAIL = AttributeKey.stringKey(DETAIL_NAME);
  private static final AttributeKey<String> PEER = AttributeKey.stringKey(PEER_NAME);
  private static final AttributeKey<String> RETRY_REASON =
      AttributeKey.stringKey(RETRY_REASON_NAME);
  private static final AttributeKey<Long> RETRY_ATTEMPT = AttributeKey.longKey(RETRY_ATTEMPT_NAME);
  private static final AttributeKey<String> RETRY_ENDPOINT =
      AttributeKey.stringKey(RETRY_ENDPOINT_NAME);

  private static final Set<String> KNOWN_METHODS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
                  "QUERY")));

  private SpanAttributes() {}

  /**
   * The method when it is one that the conventions know; null for any other, which must not become
   * a name.
   */
  static @Nullable String knownMethod(String method) {
    return KNOWN_METHODS.contains(method) ? method : null;
  }

  static Attributes of(Exchange exchange, int maxValueLength) {
    FlatAttributes out = new FlatAttributes();
    boolean outbound = exchange.direction == Exchange.Direction.OUTBOUND;
    String method = knownMethod(exchange.method);
    out.put(METHOD, method == null ? "_OTHER" : method);
    if (method == null) {
      out.put(METHOD_ORIGINAL, cut(exchange.method, maxValueLength));
    }
    if (outbound) {
      String url = exchange.scheme + "://" + exchange.authority + UrlText.redact(exchange.path);
      out.put(URL_FULL, cut(url, maxValueLength));
      if (exchange.attempts > 1) {
        out.put(RESENDS, exchange.attempts - 1L);
      }
    } else {
      out.put(URL_SCHEME, exchange.scheme);
      out.put(URL_PATH, cut(UrlText.path(exchange.path), maxValueLength));
      String query = UrlText.query(exchange.path);
      if (!query.isEmpty()) {
        out.put(URL_QUERY, cut(query, maxValueLength));
      }
    }
    server(out, exchange, maxValueLength);
    if (exchange.status > 0) {
      out.put(STATUS, (long) exchange.status);
    }
    String error = error(exchange, outbound);
    if (error != null) {
      out.put(ERROR, error);
    }
    optional(out, PROTOCOL, exchange.protocol);
    network(out, exchange, outbound);
    out.put(SERVICE, exchange.service);
    out.put(ROUTE, exchange.route);
    if (!exchange.flag.equals("-")) {
      out.put(FLAG, exchange.flag);
    }
    optional(out, DETAIL, exchange.detail);
    optional(out, PEER, exchange.peer);
    if (exchange.rules != null) {
      custom(out, exchange, exchange.rules, maxValueLength);
    }
    return out;
  }

  private static void custom(
      FlatAttributes out, Exchange exchange, SideRules rules, int maxValueLength) {
    for (SideRules.Tag tag : rules.tags()) {
      String sent = tag.header < 0 ? null : exchange.header(tag.header);
      String value = sent == null ? tag.value : sent;
      if (value != null) {
        out.put(AttributeKey.stringKey(tag.name), cut(value, maxValueLength));
      }
    }
  }

  static Attributes ofRetry(Exchange.Retry retry) {
    FlatAttributes out = new FlatAttributes();
    out.put(RETRY_ATTEMPT, (long) retry.attempt);
    out.put(RETRY_REASON, retry.reason);
    optional(out, RETRY_ENDPOINT, retry.endpoint);
    return out;
  }

  private static void server(FlatAttributes out, Exchange exchange, int maxValueLength) {
    String authority = exchange.authority;
    int colon = authority.lastIndexOf(':');
    boolean port = colon > authority.lastIndexOf(']') && colon < authority.length() - 1;
    String host = port ? authority.substring(0, colon) : authority;
    if (!host.isEmpty()) {
      out.put(SERVER, cut(host, maxValueLength));
    }
    if (port) {
      try {
        out.put(SERVER_PORT, Long.parseLong(authority.substring(colon + 1)));
      } catch (NumberFormatException e) {
        // An authority is what a client wrote; without a number there is no port to report.
      }
    } else {
      out.put(SERVER_PORT, exchange.scheme.equals("https") ? 443L : 80L);
    }
  }

  private static void network(FlatAttributes out, Exchange exchange, boolean outbound) {
    String address = exchange.endpointAddress;
    if (address == null) {
      return;
    }
    out.put(NETWORK_PEER, address);
    if (exchange.endpointPort > 0) {
      out.put(NETWORK_PEER_PORT, (long) exchange.endpointPort);
    }
    if (!outbound) {
      out.put(CLIENT, address);
    }
  }

  private static @Nullable String error(Exchange exchange, boolean outbound) {
    if (exchange.errorType != null) {
      return exchange.errorType;
    }
    return exchange.status >= (outbound ? 400 : 500) ? Integer.toString(exchange.status) : null;
  }

  private static void optional(
      FlatAttributes out, AttributeKey<String> key, @Nullable String value) {
    if (value != null) {
      out.put(key, value);
    }
  }

  private static String cut(String value, int maxLength) {
    return value.length() > maxLength ? value.substring(0, maxLength) : value;
  }
}
