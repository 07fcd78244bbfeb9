package dev.weft.dataplane.outbound;

import dev.weft.dataplane.Detached;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.resilience.EndpointState;
import dev.weft.dataplane.snapshot.CompiledEndpoint;
import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.dataplane.snapshot.CompiledSnapshot;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.policy.snapshot.HealthCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks endpoints at intervals whether they are well, where policy wants it. One thread {@code
 * mesh-health} asks one after the other; it ends when there is nothing to ask. Thread-safe.
 */
public final class HealthChecks {
  private final Asking asking;
  private final LongSupplier nanos;
  private final RandomSource random;
  private final Consumer<Runnable> starter;
  private Map<EndpointState, Check> checks = new HashMap<>();
  private boolean running;
  private @Nullable Thread asker;

  /** Asks one endpoint. */
  interface Asking {
    /** Whether it answers well in time; never throws. */
    boolean well(CompiledService service, EndpointPool pool, CompiledEndpoint endpoint);
  }

  private static final class Check {
    final CompiledService service;
    final EndpointPool pool;
    final CompiledEndpoint endpoint;
    final HealthCheck policy;
    long dueNanos;

    Check(
        CompiledService service,
        EndpointPool pool,
        CompiledEndpoint endpoint,
        HealthCheck policy,
        long dueNanos) {
      this.service = service;
      this.pool = pool;
      this.endpoint = endpoint;
      this.policy = policy;
      this.dueNanos = dueNanos;
    }
  }

  HealthChecks(Asking asking, LongSupplier nanos, RandomSource random, Consumer<Runnable> starter) {
    this.asking = asking;
    this.nanos = nanos;
    this.random = random;
    this.starter = starter;
  }

  /** Runs a loop on a daemon thread {@code mesh-health}. */
  static void daemon(Runnable loop) {
    Detached.thread(loop, "mesh-health").start();
  }

  /** Asks from now on what this snapshot wants asked. */
  public synchronized void update(CompiledSnapshot snapshot) {
    Map<EndpointState, Check> next = new HashMap<>();
    for (CompiledService service : snapshot.services()) {
      for (EndpointPool pool : service.pools()) {
        HealthCheck policy = pool.policy().healthCheck;
        for (int i = 0; policy != null && i < pool.size(); i++) {
          add(next, service, pool, pool.endpoint(i), policy);
        }
      }
    }
    for (EndpointState before : checks.keySet()) {
      if (!next.containsKey(before)) {
        before.unchecked();
      }
    }
    checks = next;
    if (!running && !checks.isEmpty()) {
      running = true;
      starter.accept(this::run);
    }
    // Whoever is new may be due before those whom it waits for.
    LockSupport.unpark(asker);
  }

  /** The first pool of an endpoint decides; that of the service comes first. */
  private void add(
      Map<EndpointState, Check> next,
      CompiledService service,
      EndpointPool pool,
      CompiledEndpoint endpoint,
      HealthCheck policy) {
    if (next.containsKey(endpoint.state())) {
      return;
    }
    Check known = checks.get(endpoint.state());
    // Not all at once, and not by all callers of an endpoint at once.
    long due =
        known != null && known.policy.equals(policy)
            ? known.dueNanos
            : nanos.getAsLong() + (long) (random.nextDouble() * policy.intervalMillis * 1_000_000);
    next.put(endpoint.state(), new Check(service, pool, endpoint, policy, due));
  }

  private void run() {
    synchronized (this) {
      asker = Thread.currentThread();
    }
    for (long wait = round(); wait >= 0; wait = round()) {
      LockSupport.parkNanos(this, Math.max(wait, 1_000_000));
    }
  }

  /** Asks who is due; nanoseconds until someone is due again, or -1 when nobody ever is. */
  long round() {
    List<Check> due = new ArrayList<>();
    synchronized (this) {
      if (checks.isEmpty()) {
        running = false;
        asker = null;
        return -1;
      }
      long now = nanos.getAsLong();
      for (Check check : checks.values()) {
        if (check.dueNanos - now <= 0) {
          due.add(check);
          check.dueNanos = next(check, now);
        }
      }
    }
    for (Check check : due) {
      boolean well;
      try {
        well = asking.well(check.service, check.pool, check.endpoint);
      } catch (Throwable t) {
        // One that cannot be asked must not end the asking of all, nor reach the application.
        well = false;
      }
      synchronized (this) {
        if (checks.containsKey(check.endpoint.state())) {
          check.endpoint.state().checked(well);
        }
      }
    }
    return untilNext();
  }

  /** An interval after it was due, not after it was asked; but what was missed is not made up. */
  private static long next(Check check, long now) {
    long interval = check.policy.intervalMillis * 1_000_000;
    long next = check.dueNanos + interval;
    return next - now > 0 ? next : now + interval;
  }

  private synchronized long untilNext() {
    long now = nanos.getAsLong();
    long wait = Long.MAX_VALUE;
    for (Check check : checks.values()) {
      wait = Math.min(wait, check.dueNanos - now);
    }
    return Math.max(0, wait);
  }
}
