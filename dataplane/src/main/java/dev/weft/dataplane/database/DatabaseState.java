package dev.weft.dataplane.database;

import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.resilience.ServiceState;
import dev.weft.dataplane.resilience.TokenBucket;
import dev.weft.policy.snapshot.DatabaseBreaker;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseStatements;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What outlives snapshots about one database: places, tokens, breaker, hosts, and the connections
 * that hold places. Thread-safe.
 */
final class DatabaseState {
  private final String name;
  private final LongSupplier nanos;
  private final Clock clock;
  private final ServiceState hosts;
  private final Runnable opened;
  private final HostProbes probes;
  private final int port;
  private final Capacity connections = new Capacity();
  private final Capacity statements = new Capacity();
  private final Set<OpenConnection> open = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<DatabaseSession> lost = new ReferenceQueue<>();
  private @Nullable DatabaseBreaker breakerPolicy;
  private @Nullable CircuitBreaker breaker;
  private @Nullable CircuitBreaker halfOpen;
  private long halfOpenNanos;
  private double perSecond;
  private int burst;
  private @Nullable TokenBucket rate;
  private @Nullable DatabaseTarget target;

  /**
   * A database without history.
   *
   * @param opened told when the breaker opens
   * @param port for hosts of a redirect that have none of their own
   */
  DatabaseState(
      String name,
      LongSupplier nanos,
      ServiceState hosts,
      Runnable opened,
      HostProbes probes,
      int port) {
    this.probes = probes;
    this.port = port;
    this.name = name;
    this.nanos = nanos;
    this.clock = new NanoClock(nanos);
    this.hosts = hosts;
    this.opened = opened;
  }

  /** This database under that policy; what the policy does not change goes on as it was. */
  synchronized DatabaseTarget under(CompiledDatabase policy) {
    DatabaseTarget known = target;
    if (known != null && known.policy == policy) {
      return known;
    }
    DatabasePolicy document = policy.document();
    DatabaseTarget made =
        new DatabaseTarget(
            policy,
            this,
            sized(connections, document.connections.max),
            sized(statements, document.statements.maxConcurrent),
            rate(document.statements),
            breaker(document.breaker),
            document.redirect == null ? null : new ReplicaSet(document.redirect, hosts));
    target = made;
    if (made.replicas != null) {
      probes.watch(this, policy, made.replicas, port);
    }
    return made;
  }

  private static @Nullable Capacity sized(Capacity capacity, int max) {
    return max == 0 ? null : capacity.resize(max);
  }

  private @Nullable TokenBucket rate(DatabaseStatements limits) {
    if (limits.perSecond <= 0) {
      rate = null;
    } else if (rate == null || limits.perSecond != perSecond || limits.burst != burst) {
      rate = new TokenBucket(limits.perSecond, limits.burst, nanos.getAsLong());
    }
    perSecond = limits.perSecond;
    burst = limits.burst;
    return rate;
  }

  private @Nullable CircuitBreaker breaker(@Nullable DatabaseBreaker wanted) {
    if (wanted == null) {
      breaker = null;
    } else if (breaker == null || !wanted.equals(breakerPolicy)) {
      CircuitBreaker made = new CircuitBreakerStateMachine(name, config(wanted), clock);
      made.getEventPublisher()
          .onStateTransition(
              event -> {
                if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
                  opened.run();
                }
                halfOpenEnded();
              });
      breaker = made;
    }
    breakerPolicy = wanted;
    return breaker;
  }

  private synchronized void halfOpenEnded() {
    halfOpen = null;
  }

  /**
   * The breaker refused a call. Half open, it waits for the calls that try; one that hangs must not
   * keep it so for ever, so it opens anew when that has lasted as long as it was open before.
   */
  synchronized void breakerRefused(long nowNanos) {
    CircuitBreaker known = breaker;
    DatabaseBreaker policy = breakerPolicy;
    if (known == null || policy == null || known.getState() != CircuitBreaker.State.HALF_OPEN) {
      return;
    }
    if (halfOpen != known) {
      halfOpen = known;
      halfOpenNanos = nowNanos;
    } else if (nowNanos - halfOpenNanos >= policy.openMillis * 1_000_000) {
      halfOpen = null;
      known.transitionToOpenState();
    }
  }

  private static CircuitBreakerConfig config(DatabaseBreaker policy) {
    return CircuitBreakerConfig.custom()
        .slidingWindow(
            policy.window, policy.window, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
        .failureRateThreshold(policy.failurePercent)
        .waitDurationInOpenState(Duration.ofMillis(policy.openMillis))
        .permittedNumberOfCallsInHalfOpenState(policy.probes)
        .writableStackTraceEnabled(false)
        .build();
  }

  /** The session's connection is open: it holds the place until it is closed, or forgotten. */
  OpenConnection opened(
      DatabaseSession session, @Nullable Capacity place, @Nullable HostState host) {
    reclaim();
    OpenConnection connection = new OpenConnection(session, lost, open, place, host);
    open.add(connection);
    return connection;
  }

  /** Takes back the places of connections that nobody closed and nobody holds any more. */
  void reclaim() {
    for (Reference<?> gone = lost.poll(); gone != null; gone = lost.poll()) {
      ((OpenConnection) gone).close();
    }
  }

  int open() {
    return open.size();
  }

  @Override
  public String toString() {
    return name;
  }
}
