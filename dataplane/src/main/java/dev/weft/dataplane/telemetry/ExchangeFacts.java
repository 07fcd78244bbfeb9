package dev.weft.dataplane.telemetry;

import dev.weft.policy.cel.CelFact;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What expressions can ask of a concluded request. */
final class ExchangeFacts implements CelFact.Source {
  private final Exchange exchange;

  ExchangeFacts(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public @Nullable Object value(CelFact fact, String key) {
    switch (fact) {
      case REQUEST_PATH:
        return exchange.path;
      case REQUEST_URL_PATH:
        return UrlText.path(exchange.path);
      case REQUEST_HOST:
        return exchange.authority;
      case REQUEST_SCHEME:
        return exchange.scheme;
      case REQUEST_METHOD:
        return exchange.method;
      case REQUEST_PROTOCOL:
        return exchange.protocol == null ? null : "HTTP/" + exchange.protocol;
      case REQUEST_DURATION:
        return Duration.ofNanos(Math.max(0, exchange.durationNanos));
      case RESPONSE_CODE:
        return (long) exchange.status;
      case RESPONSE_CODE_DETAILS:
        return exchange.detail;
      case SOURCE_ADDRESS:
        return exchange.direction == Exchange.Direction.INBOUND ? exchange.endpointAddress : null;
      case UPSTREAM_ADDRESS:
        return exchange.direction == Exchange.Direction.OUTBOUND ? exchange.endpointAddress : null;
      case CONNECTION_MTLS:
        return exchange.peer != null;
      case CONNECTION_PEER:
        return exchange.peer;
      case ROUTE_NAME:
        return exchange.route;
      case REQUEST_HEADERS:
        return exchange.header(key);
    }
    return null;
  }
}
