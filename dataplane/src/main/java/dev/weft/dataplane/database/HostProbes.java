package dev.weft.dataplane.database;

import dev.weft.dataplane.resilience.EndpointState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Probes the hosts of redirects that ask for it, so that one that is away is out of rotation before
 * an application's connect meets it, and stays out for as long as it is away. That something
 * listens says little of the database behind, so a probe that succeeds brings nobody back: the
 * application's next connect does. One thread, which lives as long as there is anything to probe.
 * Thread-safe.
 */
final class HostProbes {
  private static final int LONGEST_CONNECT_MILLIS = 1_000;

  private final HostProbe probe;
  private final LongSupplier nanos;
  private final Consumer<Runnable> starter;
  private final Map<DatabaseState, Watched> watched = new HashMap<>();
  private boolean running;

  /** What is probed for one database. */
  private static final class Watched {
    final CompiledDatabase policy;
    final ReplicaSet replicas;
    final int port;
    final long everyNanos;
    long dueNanos;

    Watched(CompiledDatabase policy, ReplicaSet replicas, int port, long everyNanos, long now) {
      this.policy = policy;
      this.replicas = replicas;
      this.port = port;
      this.everyNanos = everyNanos;
      this.dueNanos = now;
    }
  }

  /**
   * Probes nothing yet.
   *
   * @param starter runs the loop on a thread of its own; called again when there is something to
   *     probe after there was nothing
   */
  HostProbes(HostProbe probe, LongSupplier nanos, Consumer<Runnable> starter) {
    this.probe = probe;
    this.nanos = nanos;
    this.starter = starter;
  }

  /** Probes from now on what this policy says of this database, instead of what one said before. */
  synchronized void watch(
      DatabaseState database, CompiledDatabase policy, ReplicaSet replicas, int port) {
    long everyMillis = replicas.probeMillis();
    if (everyMillis <= 0) {
      watched.remove(database);
      return;
    }
    long every = everyMillis * 1_000_000;
    watched.put(database, new Watched(policy, replicas, port, every, nanos.getAsLong()));
    if (!running) {
      running = true;
      starter.accept(this::run);
    }
  }

  /** Probes nothing of this database any more. */
  synchronized void forget(DatabaseState database) {
    watched.remove(database);
  }

  /** Forgets what is said by policies that are not in force any more. */
  synchronized void retain(Predicate<CompiledDatabase> inForce) {
    watched.values().removeIf(each -> !inForce.test(each.policy));
  }

  private void run() {
    for (long wait = round(); wait >= 0; wait = round()) {
      LockSupport.parkNanos(this, Math.max(wait, 1_000_000));
    }
  }

  /** Probes what is due; nanoseconds until something is due again, or -1 when nothing ever is. */
  long round() {
    List<Watched> due = new ArrayList<>();
    long next = Long.MAX_VALUE;
    synchronized (this) {
      if (watched.isEmpty()) {
        running = false;
        return -1;
      }
      long now = nanos.getAsLong();
      for (Watched each : watched.values()) {
        if (each.dueNanos - now <= 0) {
          due.add(each);
          each.dueNanos = now + each.everyNanos;
        }
        next = Math.min(next, each.dueNanos - now);
      }
    }
    for (Watched each : due) {
      for (HostState host : each.replicas.hosts()) {
        probe(each, host);
      }
    }
    return next;
  }

  private void probe(Watched each, HostState host) {
    int port = host.port() == 0 ? each.port : host.port();
    int timeout = (int) Math.min(LONGEST_CONNECT_MILLIS, each.everyNanos / 1_000_000);
    if (port == 0 || probe.reachable(host.address(), port, timeout)) {
      return;
    }
    long now = nanos.getAsLong();
    int permission = host.state().tryAcquire(now);
    if (permission != EndpointState.REFUSED) {
      host.state().record(0, permission == EndpointState.PROBE, each.replicas.settings(), now);
    }
  }
}
