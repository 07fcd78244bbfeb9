package dev.weft.dataplane.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Weft adds to the spans of another tracer: what only Weft knows, under the names it has on
 * Weft's own spans. The HTTP attributes are the other tracer's affair.
 */
final class ForeignAttributes {

  private ForeignAttributes() {}

  /** All that is known of the request by now. */
  static Map<String, Object> of(Exchange exchange) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(SpanAttributes.SERVICE_NAME, exchange.service);
    all.put(SpanAttributes.ROUTE_NAME, exchange.route);
    if (!exchange.flag.equals("-")) {
      all.put(SpanAttributes.FLAG_NAME, exchange.flag);
    }
    optional(all, SpanAttributes.DETAIL_NAME, exchange.detail);
    optional(all, SpanAttributes.PEER_NAME, exchange.peer);
    if (exchange.attempts > 0) {
      all.put(SpanAttributes.ATTEMPTS_NAME, (long) exchange.attempts);
    }
    return all;
  }

  static Map<String, Object> of(Exchange.Retry retry) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(SpanAttributes.RETRY_ATTEMPT_NAME, (long) retry.attempt);
    all.put(SpanAttributes.RETRY_REASON_NAME, retry.reason);
    optional(all, SpanAttributes.RETRY_ENDPOINT_NAME, retry.endpoint);
    return all;
  }

  private static void optional(Map<String, Object> all, String name, @Nullable String value) {
    if (value != null) {
      all.put(name, value);
    }
  }
}
