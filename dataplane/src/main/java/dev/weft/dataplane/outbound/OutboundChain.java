package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.snapshot.CompiledEndpoint;
import dev.weft.dataplane.snapshot.CompiledRoute;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The filters in their order, and the only code that runs them. Both drivers use it; they alone
 * wait and send. A filter that throws refuses the call: what cannot be decided is not let through.
 */
final class OutboundChain {
  private final LongSupplier nanos;
  private final ResolveFilter resolve;
  private final OutboundFilter[] perCall;
  private final OutboundFilter[] perAttempt;
  private final ClassifyFilter classify;
  private final RetryFilter retry;
  private final ConcludeFilter conclude;
  private final GuardedObserver observer;
  private final @Nullable OutboundSide side;

  private OutboundChain(
      LongSupplier nanos,
      ResolveFilter resolve,
      OutboundFilter[] routing,
      RetryFilter retry,
      OutboundFilter[] perAttempt,
      GuardedObserver observer,
      @Nullable OutboundSide side) {
    this.side = side;
    this.nanos = nanos;
    this.observer = observer;
    this.resolve = resolve;
    this.retry = retry;
    this.classify = new ClassifyFilter(observer);
    this.conclude = new ConcludeFilter(observer);
    this.perCall = new OutboundFilter[routing.length + 2];
    perCall[0] = resolve;
    System.arraycopy(routing, 0, perCall, 1, routing.length);
    perCall[routing.length + 1] = retry;
    this.perAttempt = perAttempt;
  }

  /** All stages, for requests. */
  static OutboundChain ofRequests(
      SnapshotHolder snapshots,
      LongSupplier nanos,
      RandomSource random,
      MeshTimer timer,
      ClientSecurity security,
      GuardedObserver observer,
      OutboundSide side) {
    OutboundFilter[] routing = {
      new ObserveFilter(observer),
      RouteFilter.ofRequests(random),
      new FaultFilter(random),
      new DeadlineFilter(),
      new AdmitFilter()
    };
    OutboundFilter[] perAttempt = {
      new BalanceFilter(random, timer),
      new BreakFilter(),
      new TimeoutFilter(),
      new SecureFilter(security),
      new PropagateFilter(observer)
    };
    return new OutboundChain(
        nanos,
        new ResolveFilter(snapshots),
        routing,
        new RetryFilter(random, observer),
        perAttempt,
        observer,
        side);
  }

  /**
   * The stages that a connection has whose requests nobody reads. Not ADMIT, FAULT and DEADLINE,
   * which are about requests; and nobody observes, since a connection is no request to count.
   */
  static OutboundChain ofConnections(
      SnapshotHolder snapshots,
      LongSupplier nanos,
      RandomSource random,
      MeshTimer timer,
      ClientSecurity security) {
    return ofConnections(
        snapshots, nanos, random, timer, security, RouteFilter.ofConnections(random));
  }

  /** The stages of connections for copies of requests. */
  static OutboundChain ofMirrors(
      SnapshotHolder snapshots,
      LongSupplier nanos,
      RandomSource random,
      MeshTimer timer,
      ClientSecurity security) {
    return ofConnections(snapshots, nanos, random, timer, security, new MirrorFilter());
  }

  private static OutboundChain ofConnections(
      SnapshotHolder snapshots,
      LongSupplier nanos,
      RandomSource random,
      MeshTimer timer,
      ClientSecurity security,
      OutboundFilter route) {
    GuardedObserver nobody = new GuardedObserver(ExchangeObserver.NONE);
    OutboundFilter[] routing = {route};
    OutboundFilter[] perAttempt = {
      new BalanceFilter(random, timer),
      new BreakFilter(),
      new TimeoutFilter(),
      new SecureFilter(security)
    };
    return new OutboundChain(
        nanos,
        new ResolveFilter(snapshots),
        routing,
        new RetryFilter(random, nobody),
        perAttempt,
        nobody,
        null);
  }

  /** The stages that have a filter, in the order in which they run. */
  List<OutboundStage> stages() {
    List<OutboundFilter> filters = new ArrayList<>(Arrays.asList(perCall));
    filters.addAll(Arrays.asList(perAttempt));
    filters.add(classify);
    filters.add(conclude);
    List<OutboundStage> stages = new ArrayList<>();
    for (OutboundFilter filter : filters) {
      stages.add(filter.stage());
    }
    return stages;
  }

  @Nullable Target resolve(String scheme, String authority) {
    return resolve.resolve(scheme, authority);
  }

  OutboundExchange open(Target target, OutboundRequest request) {
    return new OutboundExchange(target.service(), request, nanos.getAsLong());
  }

  /**
   * Runs the stages of the call from where it stands; to be called again after a delay, or when the
   * wait in line is over.
   */
  Verdict enter(OutboundExchange exchange) {
    if (exchange.passedCall > 0) {
      exchange.nowNanos = nanos.getAsLong();
    }
    while (exchange.passedCall < perCall.length) {
      OutboundFilter filter = perCall[exchange.passedCall];
      Verdict verdict = apply(filter, exchange);
      if (verdict.reply() != null || verdict.queues()) {
        return verdict;
      }
      exchange.passedCall++;
      if (!verdict.proceeds()) {
        return verdict;
      }
    }
    return Verdict.PROCEED;
  }

  /** Runs the stages of the next attempt; proceeds when it can be sent. */
  Verdict begin(OutboundExchange exchange) {
    if (exchange.attempts > 0) {
      exchange.nowNanos = nanos.getAsLong();
    }
    exchange.attempts++;
    exchange.status = 0;
    exchange.grpcStatus = null;
    exchange.rateLimited = false;
    exchange.failure = null;
    exchange.failureKind = null;
    exchange.reply = null;
    int elsewhere = 0;
    while (exchange.passedAttempt < perAttempt.length) {
      Verdict verdict = apply(perAttempt[exchange.passedAttempt], exchange);
      if (verdict.proceeds()) {
        exchange.passedAttempt++;
        continue;
      }
      Attempt refused = exchange.attempt;
      releaseAttempt(exchange);
      if (!verdict.elsewhere()) {
        return verdict;
      }
      EndpointPool pool = exchange.pool;
      if (refused != null) {
        exchange.exclude(refused.compiled());
      }
      if (pool == null || ++elsewhere > pool.size()) {
        // Everyone refused in turn, each by a race: as good as all ejected.
        exchange.firstLevel = OutboundExchange.UNTRIED;
      }
    }
    return Verdict.PROCEED;
  }

  /** The time, in nanoseconds of the data plane's clock. */
  long now() {
    return nanos.getAsLong();
  }

  /** Takes the answer of the attempt. */
  void answered(
      OutboundExchange exchange,
      int status,
      @Nullable String grpcStatus,
      @Nullable String protocol) {
    exchange.nowNanos = nanos.getAsLong();
    exchange.status = status;
    exchange.protocol = protocol;
    exchange.grpcStatus = grpcStatus;
  }

  /** Takes the failure of the attempt. */
  void failed(OutboundExchange exchange, Throwable failure, FailureKind kind) {
    exchange.nowNanos = nanos.getAsLong();
    exchange.failure = failure;
    exchange.failureKind = kind;
    exchange.protocol = null;
  }

  /** Ends the attempt: {@link Verdict#again} asks for another one. */
  Verdict end(OutboundExchange exchange) {
    apply(classify, exchange);
    releaseAttempt(exchange);
    try {
      return retry.next(exchange);
    } catch (Throwable failed) {
      // Retries are a help, not a right: without a decision the outcome stands as it is.
      return Verdict.PROCEED;
    }
  }

  /**
   * Begins an attempt beside the one that is under way, or answers null: the budget has no room, or
   * no other endpoint is there and well.
   */
  @Nullable OutboundExchange hedge(OutboundExchange exchange, OutboundRequest copy) {
    exchange.nowNanos = nanos.getAsLong();
    try {
      if (!anotherIsWell(exchange) || !retry.admitHedge(exchange)) {
        return null;
      }
    } catch (Throwable failed) {
      return null;
    }
    OutboundExchange hedge = exchange.beside(copy);
    hedge.retrying = true;
    if (!begin(hedge).proceeds()) {
      RetryFilter.closed(hedge);
      return null;
    }
    exchange.attempts++;
    exchange.exclude(hedge.sending().compiled());
    return hedge;
  }

  /** Asked first, as permission that is not used counts all the same. */
  private static boolean anotherIsWell(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    CompiledEndpoint first = exchange.sending().compiled();
    for (int i = 0; pool != null && i < pool.size(); i++) {
      CompiledEndpoint endpoint = pool.endpoint(i);
      if (endpoint != first && endpoint.state().available(exchange.nowNanos)) {
        return true;
      }
    }
    return false;
  }

  /** Says which of two attempts answers for the call. */
  void decided(OutboundExchange exchange, OutboundExchange winner) {
    if (winner != exchange) {
      exchange.adopt(winner);
    }
    observer.decided(exchange, exchange.sending());
  }

  /** Ends an attempt that does not decide on its call. */
  void close(OutboundExchange exchange) {
    apply(classify, exchange);
    releaseAttempt(exchange);
    RetryFilter.closed(exchange);
  }

  /** Gives everything back and closes the exchange. Never throws. */
  void conclude(OutboundExchange exchange) {
    releaseAttempt(exchange);
    while (exchange.passedCall > 0) {
      release(perCall[--exchange.passedCall], exchange);
    }
    AdmitFilter.giveBack(exchange);
    conclude.apply(exchange);
    CompiledRoute route = exchange.route;
    if (route != null && route.mirrors().length > 0 && exchange.attempt != null) {
      mirror(exchange, route);
    }
  }

  /** Fails open: what cannot be copied is not missed by the call. */
  private void mirror(OutboundExchange exchange, CompiledRoute route) {
    OutboundSide sender = side;
    if (sender != null) {
      try {
        sender.mirrors().copy(exchange, route);
      } catch (Throwable failed) {
        // The call is over and its telemetry told; only the copies are missing.
      }
    }
  }

  private void releaseAttempt(OutboundExchange exchange) {
    while (exchange.passedAttempt > 0) {
      release(perAttempt[--exchange.passedAttempt], exchange);
    }
  }

  private static void release(OutboundFilter filter, OutboundExchange exchange) {
    try {
      filter.release(exchange);
    } catch (RuntimeException failed) {
      // The next filter still has to give back what it took.
      exchange.flag(ResponseFlag.LR);
    }
  }

  private static Verdict apply(OutboundFilter filter, OutboundExchange exchange) {
    try {
      return filter.apply(exchange);
    } catch (Throwable failed) {
      exchange.flag(ResponseFlag.LR);
      return Verdict.reject(
          LocalReply.of(
              503,
              ReplyKind.RESPONSE,
              ResponseFlag.LR,
              filter.stage().name(),
              "",
              "the mesh agent failed to decide: " + failed));
    }
  }
}
