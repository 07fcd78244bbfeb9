package dev.weft.dataplane;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.ExchangeObserver;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.dataplane.outbound.OutboundExchange;
import dev.weft.dataplane.outbound.OutboundRequest;
import dev.weft.dataplane.outbound.OutboundStage;
import dev.weft.dataplane.snapshot.CompiledRoute;
import dev.weft.dataplane.telemetry.Exchange;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.dataplane.telemetry.TraceContext;
import org.jspecify.annotations.Nullable;

/** Tells telemetry what happens to outbound calls. Thread-safe. */
final class OutboundTelemetry implements ExchangeObserver {
  private final Telemetry telemetry;

  OutboundTelemetry(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public void started(OutboundExchange exchange) {
    OutboundRequest request = exchange.request();
    String traceparent = request.header("traceparent");
    if (traceparent == null && telemetry.isIdle() && TraceContext.current() == null) {
      return;
    }
    Exchange watched =
        telemetry.outbound(
            exchange.host(),
            request.method(),
            request.scheme(),
            request.authority(),
            request.path(),
            traceparent,
            request.header("tracestate"));
    exchange.attach(watched);
    if (watched == null) {
      return;
    }
    if (watched.wantsHeaders()) {
      watched.headers(request::header);
    }
    TraceContext context = watched.context();
    if (context != null && watched.propagates()) {
      exchange.propagate(context);
    }
  }

  @Override
  public void attempting(OutboundExchange exchange, Attempt attempt) {
    Exchange watched = watched(exchange);
    if (watched == null) {
      return;
    }
    watched.attempt(attempt.address(), attempt.port());
    ClientTls tls = attempt.tls();
    watched.peer(tls == null ? null : tls.expectedSpiffeId());
    if (watched.awaitsForeignSpan()) {
      named(watched, exchange.route());
      attempt.whenSending(watched::look);
    }
  }

  @Override
  public void retrying(OutboundExchange exchange) {
    Exchange watched = watched(exchange);
    if (watched != null) {
      FailureKind kind = exchange.failureKind();
      watched.retry(kind == null ? Integer.toString(exchange.status()) : kind.word());
    }
  }

  @Override
  public void hedging(OutboundExchange exchange) {
    Exchange watched = watched(exchange);
    if (watched != null) {
      watched.hedge();
    }
  }

  @Override
  public void decided(OutboundExchange exchange, Attempt attempt) {
    Exchange watched = watched(exchange);
    if (watched != null) {
      watched.answeredBy(attempt.address(), attempt.port());
      ClientTls tls = attempt.tls();
      watched.peer(tls == null ? null : tls.expectedSpiffeId());
    }
  }

  @Override
  public void ended(OutboundExchange exchange) {
    Exchange watched = watched(exchange);
    if (watched == null) {
      return;
    }
    named(watched, exchange.route());
    int flags = exchange.flags();
    LocalReply reply = exchange.reply();
    if (flags != 0) {
      watched.flag(ResponseFlag.text(flags), reply == null ? null : reply.headerValue());
    }
    if (reply != null && reply.stage().equals(OutboundStage.ADMIT.name())) {
      telemetry.meters().breakerRejections().with(exchange.host()).increment();
    }
    watched.protocol(exchange.protocol());
    watched.conclude(exchange.status(), exchange.failure());
  }

  private static void named(Exchange watched, @Nullable CompiledRoute route) {
    if (route != null && !route.name().isEmpty()) {
      watched.route(route.name());
    }
  }

  private static @Nullable Exchange watched(OutboundExchange exchange) {
    Object attached = exchange.attachment();
    return attached instanceof Exchange ? (Exchange) attached : null;
  }
}
