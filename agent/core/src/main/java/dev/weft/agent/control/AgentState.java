package dev.weft.agent.control;

import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import dev.weft.policy.snapshot.SnapshotDelta;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The identity and the snapshot in force: where they come from (cache or control server) and where
 * they go (data plane and cache). Thread-safe; the data plane is changed by one thread at a time.
 */
final class AgentState {

  private final MeshState mesh;
  private final AgentCache cache;
  private final SnapshotGuard guard;
  private final LineLog log;
  private final Clock clock;
  private final LongSupplier nanos;
  private final DoubleSupplier random;
  private final Runnable settled;

  private volatile @Nullable AgentIdentity identity;
  private volatile @Nullable Snapshot inForce;
  private volatile @Nullable String snapshotError;
  private volatile @Nullable String heldBack;
  private volatile ControlStatus.Phase phase = ControlStatus.Phase.JOINING;
  private volatile @Nullable String lastFailure;
  private volatile int identities;

  AgentState(
      MeshState mesh,
      AgentCache cache,
      ControlTiming timing,
      LineLog log,
      Clock clock,
      LongSupplier nanos,
      DoubleSupplier random,
      Runnable settled) {
    this.mesh = mesh;
    this.cache = cache;
    this.guard = new SnapshotGuard(TimeUnit.MILLISECONDS.toNanos(timing.graceMillis));
    this.log = log;
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
    this.settled = settled;
  }

  /** Puts what the cache holds in force. */
  synchronized void restore() {
    Credentials svid = cache.identity();
    Instant now = clock.instant();
    if (svid != null && svid.notAfter().isAfter(now)) {
      try {
        use(svid, Duration.between(now, svid.notAfter()));
      } catch (GeneralSecurityException | RuntimeException e) {
        log.line("cache-identity", "the cached identity is ignored: " + LineLog.why(e));
      }
    } else if (svid != null) {
      log.line(
          "cache-identity",
          "the cached identity is ignored: it expired at "
              + svid.notAfter()
              + " by the clock of this machine, "
              + now);
    }
    Snapshot snapshot = cache.snapshot();
    if (snapshot != null) {
      try {
        apply(guard.propose(snapshot, nanos.getAsLong()), null);
      } catch (RuntimeException | GeneralSecurityException e) {
        log.line("cache-snapshot", "the cached snapshot is ignored: " + LineLog.why(e));
      }
    }
  }

  /** Puts a certificate that was just issued in force. */
  synchronized AgentIdentity take(Enrolment.Issued issued) throws GeneralSecurityException {
    AgentIdentity taken = use(issued.svid, issued.life);
    cache.store(issued.svid);
    identities++;
    return taken;
  }

  /**
   * Puts a snapshot in force.
   *
   * @return null, or why it was not taken
   */
  synchronized @Nullable String take(Snapshot snapshot) {
    return take(snapshot, null);
  }

  /**
   * The same.
   *
   * @param document what it was read from, which is what is cached then: writing it out again would
   *     load the writer's classes into every start; null when there is none. What this agent knows
   *     about trust beyond it is cached, too: a restart must not forget it.
   */
  synchronized @Nullable String take(Snapshot snapshot, @Nullable Map<String, ?> document) {
    String refused = null;
    try {
      SnapshotGuard.Proposal proposal = guard.propose(snapshot, nanos.getAsLong());
      apply(proposal, proposal.trustsAs(snapshot) ? document : null);
    } catch (RuntimeException | GeneralSecurityException e) {
      refused = LineLog.why(e);
    }
    refuse(refused);
    return refused;
  }

  /**
   * Puts a snapshot in force that is told by what it changes.
   *
   * @return null, or why it was not taken
   * @throws IllegalArgumentException when it changes another snapshot than the one in force
   */
  synchronized @Nullable String take(SnapshotDelta delta) {
    return take(SnapshotCodec.apply(delta, guard.received()));
  }

  /** Ends the grace of endpoints that stayed away; true when something changed. */
  synchronized boolean expireHeld() {
    SnapshotGuard.Proposal proposal = guard.expire(nanos.getAsLong());
    if (proposal == null) {
      return false;
    }
    try {
      apply(proposal, null);
      return true;
    } catch (RuntimeException | GeneralSecurityException e) {
      refuse(LineLog.why(e));
      return false;
    }
  }

  /** A snapshot could not even be read; null when the last one was taken. */
  void refuse(@Nullable String why) {
    snapshotError = why;
    if (why != null) {
      log.line("snapshot", "a snapshot was refused, the last one stays in force: " + why);
    }
  }

  @Nullable AgentIdentity identity() {
    return identity;
  }

  boolean hasIdentity() {
    AgentIdentity current = identity;
    return current != null && !current.isExpired(nanos.getAsLong());
  }

  /** The version in force, and its epoch: what the watch says it has. */
  long version() {
    Snapshot current = inForce;
    return current == null ? 0 : current.version;
  }

  String epoch() {
    Snapshot current = inForce;
    return current == null ? "" : current.epoch;
  }

  /** Whether policy lets mesh mTLS in on {@code port}. */
  boolean acceptsMesh(int port) {
    Snapshot current = inForce;
    return current == null
        || current.inbound.portModes.getOrDefault(port, current.inbound.mode) != MtlsMode.DISABLE;
  }

  /** What the instance report says about the snapshot; null when all is well. */
  @Nullable String reportedError() {
    String refused = snapshotError;
    return refused == null ? heldBack : refused;
  }

  void phase(ControlStatus.Phase next, @Nullable String failure) {
    if (phase != ControlStatus.Phase.CLOSED) {
      phase = next;
    }
    lastFailure = failure;
    if (failure != null) {
      settled.run();
    }
  }

  private void settleWhenReady() {
    if (hasIdentity() && version() > 0) {
      settled.run();
    }
  }

  ControlStatus status() {
    AgentIdentity current = identity;
    return new ControlStatus(
        phase,
        current == null ? null : current.svid.notAfter(),
        version(),
        reportedError(),
        lastFailure,
        Math.max(0, identities - 1));
  }

  private AgentIdentity use(Credentials svid, Duration life) throws GeneralSecurityException {
    mesh.identity(svid);
    AgentIdentity next = AgentIdentity.of(svid, life, nanos.getAsLong(), random);
    identity = next;
    settleWhenReady();
    return next;
  }

  private void apply(SnapshotGuard.Proposal proposal, @Nullable Map<String, ?> document)
      throws GeneralSecurityException {
    Snapshot effective = proposal.effective;
    List<X509Certificate> roots = Credentials.certificates(effective.trustBundle);
    mesh.snapshot(effective);
    guard.commit(proposal);
    inForce = effective;
    settleWhenReady();
    AgentIdentity current = identity;
    if (current != null && !roots.isEmpty() && !roots.equals(current.svid.bundle())) {
      Credentials rebundled = current.svid.withBundle(roots);
      identity = current.withBundle(rebundled);
      cache.store(rebundled);
    }
    if (proposal.held.isEmpty()) {
      heldBack = null;
      if (document == null) {
        cache.store(effective);
      } else {
        cache.storeSnapshot(document);
      }
    } else {
      // Not cached: after a restart nothing would remember to end the grace.
      heldBack = "all endpoints vanished, the last known are kept for a while: " + proposal.held;
      log.line("held", heldBack);
    }
  }
}
