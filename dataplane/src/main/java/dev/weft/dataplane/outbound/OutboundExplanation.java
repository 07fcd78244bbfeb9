package dev.weft.dataplane.outbound;

import dev.weft.dataplane.balance.TextHash;
import dev.weft.dataplane.filter.Explanation;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.OutsideTls;
import dev.weft.dataplane.origination.Origination;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.resilience.EndpointState;
import dev.weft.dataplane.snapshot.CompiledEndpoint;
import dev.weft.dataplane.snapshot.CompiledRewrite;
import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.dataplane.snapshot.RouteExplanation;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConsistentHash;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.GrpcStatuses;
import dev.weft.policy.snapshot.Mirror;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request that is never sent through the stages that decide by themselves (RESOLVE, ROUTE,
 * FAULT, SECURE), with their own filters, and reads the state that the others decide by: it takes
 * no place in a bulkhead, no turn of a balancer and no probe of a breaker from a real call. For one
 * request, one thread.
 */
final class OutboundExplanation {
  /** Nothing that happens by chance happens; what always happens does. */
  private static final RandomSource CERTAIN =
      new RandomSource() {
        @Override
        public long nextLong() {
          return 0;
        }

        @Override
        public int nextInt(int bound) {
          return 0;
        }

        @Override
        public double nextDouble() {
          return Math.nextDown(1.0);
        }
      };

  private final SnapshotHolder snapshots;
  private final ClientSecurity security;
  private final MeshTimer timer;
  private final long now;
  private final Explanation out = new Explanation();
  private final List<Map<String, Object>> endpoints = new ArrayList<>();

  OutboundExplanation(
      SnapshotHolder snapshots, ClientSecurity security, MeshTimer timer, long now) {
    this.snapshots = snapshots;
    this.security = security;
    this.timer = timer;
    this.now = now;
  }

  Map<String, Object> of(OutboundRequest request) {
    Target target = new ResolveFilter(snapshots).resolve(request.scheme(), request.authority());
    if (target == null) {
      out.step(
          OutboundStage.RESOLVE,
          request.scheme().equalsIgnoreCase("http")
              ? "passthrough: no service of the mesh is called "
                  + request.authority()
                  + "; the call leaves as it would without the mesh"
              : "passthrough: over " + request.scheme() + " the application keeps its own TLS");
      return answer(null);
    }
    OutboundExchange exchange = new OutboundExchange(target.service(), request, now);
    if (target.service().refusesCalls()) {
      out.step(OutboundStage.RESOLVE, request.authority() + " is no service of the mesh");
      apply(RouteFilter.ofRequests(CERTAIN), exchange);
      return answer(null);
    }
    out.step(OutboundStage.RESOLVE, request.authority() + " is the service " + target.host());
    Route route = route(exchange);
    if (!out.ended()) {
      fault(exchange, route);
    }
    if (!out.ended()) {
      limits(exchange, route);
      balance(exchange, route);
    }
    return answer(target.host());
  }

  private Map<String, Object> answer(@Nullable String host) {
    Map<String, Object> answer = out.toMap();
    if (host != null) {
      answer.put("service", host);
    }
    answer.put("endpoints", endpoints);
    return answer;
  }

  private @Nullable Route route(OutboundExchange exchange) {
    CompiledService service = exchange.service;
    boolean ruled = !service.document().routes.isEmpty();
    out.step(
        OutboundStage.ROUTE,
        ruled
            ? "by the rules for " + service.host()
            : "no rules: to " + service.host() + " itself");
    Route route = RouteExplanation.explain(service, exchange.request(), out);
    apply(RouteFilter.ofRequests(CERTAIN), exchange);
    CompiledRewrite rewrite = exchange.route == null ? null : exchange.route.rewrite();
    if (rewrite != null && !out.ended()) {
      String authority = rewrite.authority();
      out.detail(
          "sent as "
              + rewrite.path(exchange.request().path())
              + (authority == null ? "" : " to the host " + authority));
    }
    if (route != null && !out.ended()) {
      mirrors(route);
    }
    return route;
  }

  private void mirrors(Route route) {
    for (Mirror mirror : route.mirrors) {
      CompiledService service = snapshots.current().service(mirror.host);
      EndpointPool pool = service == null ? null : service.pool(mirror.subset);
      String to = mirror.subset == null ? mirror.host : mirror.host + "/" + mirror.subset;
      out.detail(
          mirror.percent
              + " % are copied to "
              + to
              + (pool == null ? ", which is not known here: no copy is made" : ", unheard"));
    }
  }

  private void fault(OutboundExchange exchange, @Nullable Route route) {
    Fault fault = route == null ? null : route.fault;
    if (fault == null) {
      return;
    }
    String delay =
        fault.delayMillis > 0
            ? "delays " + fault.delayPercent + " % by " + fault.delayMillis + " ms"
            : "";
    String status =
        fault.abortStatus > 0
            ? " % with " + fault.abortStatus
            : " % with gRPC's " + GrpcStatuses.name(fault.abortGrpcStatus);
    boolean aborts = fault.abortStatus > 0 || fault.abortGrpcStatus >= 0;
    String abort = aborts ? "answers " + fault.abortPercent + status : "";
    out.step(OutboundStage.FAULT, delay + (delay.isEmpty() || abort.isEmpty() ? "" : ", ") + abort);
    apply(new FaultFilter(CERTAIN), exchange);
  }

  private void places(EndpointPool pool) {
    Capacity connections = pool.connections();
    if (connections != null) {
      int most = connections.mostWaiting();
      out.step(
          OutboundStage.ADMIT,
          "at most "
              + connections.size()
              + " calls of HTTP/1.1 at a time to "
              + pool
              + (most == 0
                  ? ""
                  : most == Integer.MAX_VALUE
                      ? ", others wait for a place"
                      : ", and " + most + " that wait for a place")
              + " ("
              + connections.waiting()
              + " wait now)");
    }
    Capacity bulkhead = pool.bulkhead();
    if (bulkhead != null) {
      out.step(OutboundStage.ADMIT, "at most " + bulkhead.size() + " calls at a time to " + pool);
    }
  }

  private void limits(OutboundExchange exchange, @Nullable Route route) {
    EndpointPool pool = exchange.pool;
    long timeout = exchange.route == null ? 0 : exchange.route.timeoutNanos() / 1_000_000;
    out.step(
        OutboundStage.DEADLINE,
        timeout == 0 ? "no timeout" : timeout + " ms for the whole call, retries included");
    if (pool != null) {
      places(pool);
    }
    RetryPolicy retries = route == null || route.retries == null ? null : route.retries;
    RetryPolicy policy = retries == null ? RetryPolicy.defaults() : retries;
    String conditions = String.join(",", policy.retryOn);
    boolean faulty = route != null && route.fault != null;
    out.step(
        OutboundStage.RETRY,
        faulty || policy.attempts <= 0
            ? "no retries"
            : "up to "
                + policy.attempts
                + (policy.attempts == 1 ? " retry" : " retries")
                + (conditions.isEmpty() ? "" : " on " + conditions)
                + (policy.retriableStatusCodes.isEmpty()
                    ? ""
                    : " and status " + policy.retriableStatusCodes)
                + (policy.perTryTimeoutMillis > 0
                    ? ", " + policy.perTryTimeoutMillis + " ms each"
                    : "")
                + (retries == null ? " (the default)" : "")
                + hedging(pool));
  }

  private static String hedging(@Nullable EndpointPool pool) {
    long after = pool == null ? 0 : pool.policy().hedgeAfterMillis;
    return after == 0
        ? ""
        : "; another endpoint beside one that has not answered after "
            + after
            + " ms, where the client can";
  }

  private void balance(OutboundExchange exchange, @Nullable Route route) {
    if (route == null || route.backends.size() < 2) {
      EndpointPool pool = exchange.pool;
      if (pool != null) {
        pool(exchange, pool, "");
      }
      return;
    }
    long total = 0;
    for (Backend backend : route.backends) {
      total += Math.max(0, backend.weight);
    }
    for (Backend backend : route.backends) {
      CompiledService service = snapshots.current().service(backend.host);
      EndpointPool pool =
          service == null ? null : service.pool(backend.subset, backend.port, exchange.request());
      String share = backend.weight + " of " + total + " by weight: ";
      if (backend.refusal != 0) {
        out.step(
            OutboundStage.BALANCE,
            share + backend.host + " is not called: status " + backend.refusal);
      } else if (pool == null) {
        String subset = backend.subset == null ? "" : "/" + backend.subset;
        out.step(
            OutboundStage.BALANCE,
            share + backend.host + subset + " is not known here: status 503");
      } else {
        pool(exchange, pool, share);
      }
    }
  }

  private void pool(OutboundExchange exchange, EndpointPool pool, String share) {
    out.step(
        OutboundStage.BALANCE,
        share
            + pool
            + ", "
            + pool.size()
            + (pool.size() == 1 ? " endpoint, " : " endpoints, ")
            + balancer(pool, exchange.request()));
    if (pool.size() == 0) {
      out.detail("refused: status 503, no healthy upstream: " + pool + " has no endpoint");
    }
    for (int tier = 0; tier < pool.tiers(); tier++) {
      tier(pool, tier);
    }
    exchange.pool = pool;
    Origination origination = pool.origination();
    String problem = origination == null ? null : origination.problem();
    if (problem != null) {
      out.detail("the files for TLS are unusable now: " + problem);
    }
    for (int i = 0; i < pool.size(); i++) {
      endpoint(exchange, pool, pool.endpoint(i));
    }
  }

  private void tier(EndpointPool pool, int tier) {
    if (pool.tiers() > 1) {
      out.detail(
          "tier "
              + (tier + 1)
              + " by locality: "
              + Math.round(pool.share(tier, now) * 100)
              + " % of calls to "
              + pool.size(tier)
              + (pool.size(tier) == 1 ? " endpoint" : " endpoints"));
    }
    if (pool.panics(tier, now)) {
      out.detail("too few are healthy: ejections are not heeded");
    }
  }

  private static String balancer(EndpointPool pool, OutboundRequest request) {
    ConsistentHash hash = pool.policy().consistentHash;
    if (hash == null) {
      return pool.policy().loadBalancer.name();
    }
    boolean nothing = pool.hash(request) == TextHash.NONE;
    return hash.algorithm
        + " by "
        + hash.key
        + " "
        + hash.name
        + (nothing ? ", which this request does not have" : "")
        + (nothing && pool.givenCookie() != null ? " and is given" : "");
  }

  private void endpoint(OutboundExchange exchange, EndpointPool pool, CompiledEndpoint endpoint) {
    EndpointState state = endpoint.state();
    Attempt attempt = new Attempt(endpoint, exchange.host(), 1, timer);
    exchange.attempt = attempt;
    Verdict secured = new SecureFilter(security).apply(exchange);
    LocalReply reply = secured.reply();
    boolean available = state.available(now);
    ClientTls tls = attempt.tls();
    String security =
        reply == null
            ? security(tls, pool, endpoint)
            : "refused: status " + reply.status() + ", " + reply.reason();
    out.detail(
        endpoint
            + ": "
            + (available ? "in rotation" : state.failing() ? "fails health checks" : "ejected")
            + (available && state.ejected() ? " for a probe" : "")
            + ", "
            + state.active()
            + " under way, "
            + security);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", endpoint.document().id);
    row.put("destination", pool.toString());
    row.put("available", available && reply == null);
    // Whether the other side is shown who calls: a server outside is not.
    row.put("secure", tls != null && tls.outside() == null);
    if (tls != null) {
      row.put("serverName", tls.serverName());
    }
    endpoints.add(Collections.unmodifiableMap(row));
  }

  private static String security(
      @Nullable ClientTls tls, EndpointPool pool, CompiledEndpoint endpoint) {
    if (tls == null) {
      return "plaintext";
    }
    OutsideTls outside = tls.outside();
    return outside == null
        ? "mTLS, must be "
            + endpoint.document().spiffeId
            + (pool.serverName().isEmpty() ? "" : ", server name " + pool.serverName())
        : outside.toString();
  }

  private void apply(OutboundFilter filter, OutboundExchange exchange) {
    LocalReply reply = filter.apply(exchange).reply();
    if (reply != null) {
      out.end(reply);
    }
  }
}
