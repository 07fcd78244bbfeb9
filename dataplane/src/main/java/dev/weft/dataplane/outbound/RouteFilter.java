package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.snapshot.CompiledAnswer;
import dev.weft.dataplane.snapshot.CompiledBackend;
import dev.weft.dataplane.snapshot.CompiledRewrite;
import dev.weft.dataplane.snapshot.CompiledRoute;
import dev.weft.dataplane.snapshot.EndpointPool;

/**
 * Takes the first rule that matches and does what it says: answers itself, or draws a backend by
 * weight and edits what the request says. Of a connection whose requests nobody reads, the rule is
 * one for connections, or the one that asks nothing of them.
 */
final class RouteFilter implements OutboundFilter {
  private final RandomSource random;
  private final boolean connections;

  private RouteFilter(RandomSource random, boolean connections) {
    this.random = random;
    this.connections = connections;
  }

  static RouteFilter ofRequests(RandomSource random) {
    return new RouteFilter(random, false);
  }

  static RouteFilter ofConnections(RandomSource random) {
    return new RouteFilter(random, true);
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.ROUTE;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    if (exchange.left) {
      return Rejections.of(
          exchange,
          OutboundStage.RESOLVE,
          503,
          ReplyKind.UNKNOWN_HOST,
          ResponseFlag.NC,
          "service " + exchange.host() + " has left the mesh since the call was prepared");
    }
    if (exchange.service.refusesCalls()) {
      return Rejections.of(
          exchange,
          OutboundStage.RESOLVE,
          502,
          ReplyKind.RESPONSE,
          ResponseFlag.NR,
          "no service of the mesh is called "
              + exchange.request().authority()
              + ", and outboundTrafficPolicy is REGISTRY_ONLY");
    }
    CompiledRoute route =
        connections
            ? exchange.service.connectionRoute(exchange.request())
            : exchange.service.route(exchange.request());
    if (route == null) {
      return Rejections.of(
          exchange,
          OutboundStage.ROUTE,
          404,
          ReplyKind.RESPONSE,
          ResponseFlag.NR,
          "no route of " + exchange.host() + " matches the request");
    }
    exchange.route = route;
    exchange.retry = route.retry();
    CompiledAnswer answer = connections ? null : route.answer();
    if (answer != null) {
      return Verdict.reject(answer.reply(exchange.request(), stage().name(), route.name()));
    }
    exchange.request().edit(route.headers().request);
    CompiledRewrite rewrite = connections ? null : route.rewrite();
    if (rewrite != null && !rewritten(exchange, rewrite)) {
      return Rejections.of(
          exchange,
          OutboundStage.ROUTE,
          503,
          ReplyKind.RESPONSE,
          ResponseFlag.LR,
          "the rewrite of route \"" + route.name() + "\" cannot be carried out by this client");
    }
    CompiledBackend backend = route.draw(random);
    if (backend == null) {
      // A route that only injects a fault needs no backend; FAULT answers it.
      return route.fault() != null
          ? Verdict.PROCEED
          : nowhere(exchange, "route \"" + route.name() + "\" has no backend with a weight");
    }
    if (backend.refusal() != 0) {
      return refused(exchange, backend.refusal());
    }
    EndpointPool pool = backend.pool(exchange.request());
    if (pool == null) {
      return nowhere(exchange, "no service or subset " + backend.host() + " is known here");
    }
    exchange.backend = backend;
    exchange.pool = pool;
    exchange.request().edit(backend.headers().request);
    return Verdict.PROCEED;
  }

  private static boolean rewritten(OutboundExchange exchange, CompiledRewrite rewrite) {
    OutboundRequest request = exchange.request();
    String path = request.path();
    String other = rewrite.path(path);
    if (!other.equals(path) && !(CompiledRewrite.sendable(other) && request.rewritePath(other))) {
      return false;
    }
    String authority = rewrite.authority();
    exchange.sentPath = other;
    exchange.sentAuthority = authority;
    return authority == null || request.rewriteAuthority(authority);
  }

  /** Of a share that leads nowhere because the policy itself does. */
  private static Verdict refused(OutboundExchange exchange, int status) {
    boolean unrouted = status == 404;
    return Rejections.of(
        exchange,
        OutboundStage.ROUTE,
        status,
        ReplyKind.RESPONSE,
        unrouted ? ResponseFlag.NR : ResponseFlag.NC,
        unrouted
            ? "no route of " + exchange.host() + " for this port matches the request"
            : "the route names no backend that its share may go to: one is missing, weighs nothing,"
                + " is not known, or is in a namespace that grants no reference");
  }

  private static Verdict nowhere(OutboundExchange exchange, String reason) {
    return Rejections.of(
        exchange, OutboundStage.ROUTE, 503, ReplyKind.RESPONSE, ResponseFlag.NC, reason);
  }
}
