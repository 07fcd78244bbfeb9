package dev.weft.dataplane.database;

import dev.weft.dataplane.balance.Candidate;
import dev.weft.dataplane.balance.Candidates;
import dev.weft.dataplane.balance.LeastRequestPicker;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.resilience.OutlierSettings;
import dev.weft.dataplane.resilience.ServiceState;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabaseRedirect;
import dev.weft.policy.snapshot.OutlierDetection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a redirect. Connections that write go to primaries only; those that only read go to
 * replicas where policy splits, and to a primary when no replica is well. Among equals the one with
 * fewer open connections of two drawn is taken. Immutable but for the state of its hosts.
 */
final class ReplicaSet {
  private final List<HostState> hosts;
  private final Candidates primaries;
  private final Candidates replicas;
  private final boolean split;
  private final long probeMillis;
  private final OutlierSettings settings;

  ReplicaSet(DatabaseRedirect redirect, ServiceState states) {
    this.split = redirect.readWriteSplit;
    this.probeMillis = redirect.probeMillis;
    this.settings =
        OutlierSettings.of(
            OutlierDetection.builder()
                .consecutive5xxErrors(redirect.consecutiveFailures)
                .consecutiveGatewayErrors(0)
                .baseEjectionMillis(redirect.ejectionMillis)
                .maxEjectionPercent(100)
                .build());
    this.hosts = new ArrayList<>();
    List<Candidate> writing = new ArrayList<>();
    List<Candidate> reading = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (DatabaseHost host : redirect.hosts) {
      String id = host.address + ":" + host.port;
      HostState state = new HostState(host, states.endpoint(id));
      ids.add(id);
      hosts.add(state);
      (host.replica ? reading : writing).add(state);
    }
    states.retain(ids);
    this.primaries = Candidates.of(writing.toArray(new Candidate[0]), new AtomicInteger());
    this.replicas = Candidates.of(reading.toArray(new Candidate[0]), new AtomicInteger());
  }

  OutlierSettings settings() {
    return settings;
  }

  /** Milliseconds between probes, 0 for none. */
  long probeMillis() {
    return probeMillis;
  }

  List<HostState> hosts() {
    return hosts;
  }

  /** The host for a connect, or null when there is none that may serve it at all. */
  @Nullable HostState pick(
      boolean readOnly, Set<HostState> tried, long nowNanos, RandomSource random) {
    Candidates first = readOnly && split ? replicas : primaries;
    Candidates second = readOnly ? (split ? primaries : replicas) : null;
    HostState picked = healthy(first, tried, nowNanos, random);
    if (picked == null && second != null) {
      picked = healthy(second, tried, nowNanos, random);
    }
    // Nobody is in rotation: a wrong suspicion of all costs less than certain refusal.
    if (picked == null) {
      picked = of(first, LeastRequestPicker.INSTANCE.pick(first, h -> !tried.contains(h), random));
    }
    if (picked == null && second != null) {
      picked = of(second, LeastRequestPicker.INSTANCE.pick(second, h -> true, random));
    }
    return picked != null
        ? picked
        : of(first, LeastRequestPicker.INSTANCE.pick(first, h -> true, random));
  }

  private static @Nullable HostState healthy(
      Candidates among, Set<HostState> tried, long nowNanos, RandomSource random) {
    int index =
        LeastRequestPicker.INSTANCE.pick(
            among,
            host ->
                ((HostState) host).state().available(nowNanos)
                    && (!tried.contains(host) || tried.size() >= among.size()),
            random);
    return of(among, index);
  }

  private static @Nullable HostState of(Candidates among, int index) {
    return index < 0 ? null : (HostState) among.get(index);
  }
}
