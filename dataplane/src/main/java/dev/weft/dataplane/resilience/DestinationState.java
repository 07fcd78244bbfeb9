package dev.weft.dataplane.resilience;

import dev.weft.dataplane.balance.Candidates;
import dev.weft.dataplane.balance.HashPicker;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.ConsistentHash;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What outlives snapshots about one destination, a service or a subset of it: round-robin cursor,
 * bulkheads, retry budget. Thread-safe.
 */
public final class DestinationState {
  private final AtomicInteger cursor = new AtomicInteger();
  private final RetryBudgetState budget = new RetryBudgetState();
  private final Capacity bulkhead = new Capacity();
  private final Capacity connections = new Capacity();
  private @Nullable HashPicker[] hashing = new @Nullable HashPicker[1];

  DestinationState() {}

  /** Whose turn it is. */
  public AtomicInteger cursor() {
    return cursor;
  }

  /** Says how many tiers will ask for {@link #hashing}; by the same thread. */
  public void hashes(int tiers) {
    if (hashing.length != tiers) {
      hashing = Arrays.copyOf(hashing, tiers);
    }
  }

  /**
   * Consistent hashing over the candidates of a tier, null when the policy is; its table goes on
   * from snapshot to snapshot while they are the same. Called by the thread that applies snapshots.
   */
  public @Nullable HashPicker hashing(
      @Nullable ConsistentHash policy, int tier, Candidates candidates) {
    hashing[tier] =
        policy == null
            ? null
            : HashPicker.of(
                policy.algorithm == ConsistentHash.Algorithm.MAGLEV,
                policy.size,
                candidates,
                hashing[tier]);
    return hashing[tier];
  }

  /** The retry budget. */
  public RetryBudgetState budget() {
    return budget;
  }

  /**
   * The bulkhead for calls of any protocol, or null when there is none. Never waits: of calls in
   * flight beyond a smaller limit none is ended, and none more is let in until enough of them are
   * over.
   */
  public @Nullable Capacity bulkhead(ConnectionPool limits) {
    return limits.http2MaxRequests == 0 ? null : bulkhead.resize(limits.http2MaxRequests, 0);
  }

  /**
   * The bulkhead for calls that have a connection to themselves, as those of HTTP/1.1, or null when
   * there is none: what comes beyond waits. When a limit is lifted nobody waits any longer.
   */
  public @Nullable Capacity connections(ConnectionPool limits) {
    if (limits.maxConnections == 0) {
      connections.resize(Integer.MAX_VALUE);
      return null;
    }
    // As in Envoy, requests beyond http2MaxRequests are refused while connections are left.
    boolean waits =
        limits.http2MaxRequests == 0 || limits.maxConnections <= limits.http2MaxRequests;
    int most =
        limits.http1MaxPendingRequests == 0 ? Integer.MAX_VALUE : limits.http1MaxPendingRequests;
    return connections.resize(limits.maxConnections, waits ? most : 0);
  }
}
