package dev.weft.dataplane;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.inbound.CheckOutcome;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundObserver;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.telemetry.Exchange;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.dataplane.telemetry.TraceContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells telemetry what happens to inbound requests. Thread-safe. */
final class InboundTelemetry implements InboundObserver {
  private final Telemetry telemetry;
  private final String service;

  InboundTelemetry(Telemetry telemetry, String service) {
    this.telemetry = telemetry;
    this.service = service;
  }

  @Override
  public boolean isIdle() {
    return telemetry.isIdle();
  }

  @Override
  public void started(InboundExchange exchange) {
    InboundRequest request = exchange.request();
    String traceparent = first(request.headers("traceparent"));
    if (traceparent == null && telemetry.isIdle()) {
      return;
    }
    PeerIdentity peer = request.peer();
    Exchange watched =
        telemetry.inbound(
            service,
            request.method(),
            request.scheme(),
            host(request),
            request.rawPath(),
            traceparent,
            first(request.headers("tracestate")));
    if (watched != null) {
      watched.peer(peer == null ? null : peer.spiffeId());
      watched.remote(request.remoteAddress());
      if (watched.wantsHeaders()) {
        watched.headers(name -> first(request.headers(name)));
      }
      watched.tell();
      watched.protocol(request.protocolVersion());
      exchange.attach(watched);
    }
  }

  @Override
  public @Nullable Object enter(InboundExchange exchange) {
    Exchange watched = watched(exchange);
    if (watched == null) {
      return null;
    }
    TraceContext before = TraceContext.swap(watched.context());
    return before == null ? this : before;
  }

  @Override
  public void leave(InboundExchange exchange, Object entered) {
    TraceContext.swap(entered instanceof TraceContext ? (TraceContext) entered : null);
  }

  @Override
  public void checked(String provider, CheckOutcome outcome) {
    telemetry.meters().authorizerChecks().with(provider, outcome.label()).increment();
  }

  @Override
  public void ended(InboundExchange exchange) {
    List<String> audited = exchange.auditedBy();
    for (String policy : audited) {
      telemetry.meters().audits().with(policy).increment();
    }
    Exchange watched = watched(exchange);
    if (watched == null) {
      return;
    }
    LocalReply reply = exchange.rejection();
    if (reply != null) {
      watched.flag(ResponseFlag.text(reply.flag().bit()), reply.headerValue());
    }
    LocalReply tried = exchange.dryRunRejection();
    if (reply == null && tried != null) {
      watched.detail("dry-run " + tried.headerValue());
    }
    if (!audited.isEmpty()) {
      watched.audit(String.join(",", audited));
    }
    watched.conclude(exchange.status(), exchange.failure());
  }

  private static String host(InboundRequest request) {
    String host = first(request.headers("host"));
    return host == null ? "" : host;
  }

  private static @Nullable String first(List<String> values) {
    return values.isEmpty() ? null : values.get(0);
  }

  private static @Nullable Exchange watched(InboundExchange exchange) {
    Object attached = exchange.attachment();
    return attached instanceof Exchange ? (Exchange) attached : null;
  }
}
