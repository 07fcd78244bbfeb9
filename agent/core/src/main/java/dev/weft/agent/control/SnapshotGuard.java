package dev.weft.agent.control;

import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a control server that lost its memory from emptying the mesh: within an epoch the version
 * never goes back, endpoints that vanish all at once stay in use for a grace period, unless a
 * change of the workload's scope hides them, and while it runs from a backup, what was withdrawn
 * stays withdrawn. Not thread-safe.
 */
final class SnapshotGuard {

  /** What a snapshot leads to; in force from {@link #commit} on. Immutable. */
  static final class Proposal {
    final Snapshot effective;
    final List<String> held;
    private final Snapshot received;
    private final Map<String, Service> withEndpoints;
    private final Map<String, Long> holdUntil;

    private Proposal(
        Snapshot effective,
        List<String> held,
        Snapshot received,
        Map<String, Service> withEndpoints,
        Map<String, Long> holdUntil) {
      this.effective = effective;
      this.held = held;
      this.received = received;
      this.withEndpoints = withEndpoints;
      this.holdUntil = holdUntil;
    }

    /** Whether it trusts whom the snapshot that came does, and nothing was added. */
    boolean trustsAs(Snapshot came) {
      return effective.trustBundle.equals(came.trustBundle)
          && effective.withdrawn.equals(came.withdrawn);
    }
  }

  private final long graceNanos;
  private @Nullable Proposal current;

  SnapshotGuard(long graceNanos) {
    this.graceNanos = graceNanos;
  }

  /**
   * What to put in force for a snapshot that came.
   *
   * @throws IllegalArgumentException when it is older than the one in force
   */
  Proposal propose(Snapshot next, long now) {
    Snapshot before = received();
    if (before != null && before.epoch.equals(next.epoch) && next.version < before.version) {
      throw new IllegalArgumentException(
          "version "
              + next.version
              + " is older than version "
              + before.version
              + " of the same epoch, which stays in force");
    }
    return merge(before == null ? next : keepTrust(before, next), now);
  }

  /** What the control server may have forgotten about trust, but this agent has not. */
  private static Snapshot keepTrust(Snapshot before, Snapshot next) {
    Snapshot.Builder kept = next.toBuilder();
    if (next.trustBundle.isEmpty()) {
      kept.trustBundle(before.trustBundle);
    }
    if (next.restored) {
      Set<String> withdrawn = new TreeSet<>(before.withdrawn);
      withdrawn.addAll(next.withdrawn);
      kept.withdrawn(new ArrayList<>(withdrawn));
    }
    return kept.build();
  }

  /** The data plane took it. */
  void commit(Proposal proposal) {
    current = proposal;
  }

  /** The last snapshot that was taken, as it came; null before the first. */
  @Nullable Snapshot received() {
    Proposal proposal = current;
    return proposal == null ? null : proposal.received;
  }

  /** What to put in force because a grace period ended; null when none did. */
  @Nullable Proposal expire(long now) {
    Proposal proposal = current;
    if (proposal != null) {
      for (String host : proposal.held) {
        Long until = proposal.holdUntil.get(host);
        if (until != null && now - until >= 0) {
          return merge(proposal.received, now);
        }
      }
    }
    return null;
  }

  private Proposal merge(Snapshot next, long now) {
    Proposal before = current;
    Map<String, Service> services = new LinkedHashMap<>();
    for (Service service : next.services) {
      services.put(service.host, service);
    }
    Map<String, Service> withEndpoints = new HashMap<>();
    Map<String, Long> holdUntil = new TreeMap<>();
    // A server that has lost its memory has another epoch.
    boolean narrowed =
        before != null
            && before.received.epoch.equals(next.epoch)
            && !before.received.scope.equals(next.scope);
    if (before != null) {
      for (Service known : before.withEndpoints.values()) {
        Service after = services.get(known.host);
        // A ServiceEntry is removed by an operator; the registry forgets by itself.
        boolean emptied = after == null ? !known.external && !narrowed : after.endpoints.isEmpty();
        long until = before.holdUntil.getOrDefault(known.host, now + graceNanos);
        if (emptied && now - until < 0) {
          holdUntil.put(known.host, until);
          withEndpoints.put(known.host, known);
          services.put(known.host, after == null ? known : with(after, known.endpoints));
        }
      }
    }
    for (Service service : next.services) {
      if (!service.endpoints.isEmpty()) {
        withEndpoints.put(service.host, service);
      }
    }
    Snapshot effective =
        holdUntil.isEmpty()
            ? next
            : next.toBuilder().services(new ArrayList<>(services.values())).build();
    return new Proposal(
        effective, new ArrayList<>(holdUntil.keySet()), next, withEndpoints, holdUntil);
  }

  private static Service with(Service service, List<Endpoint> endpoints) {
    return service.toBuilder().endpoints(endpoints).build();
  }
}
