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
 * bulkhead, retry budget. Thread-safe.
 */
public final class DestinationState {
  private final AtomicInteger cursor = new AtomicInteger();
  private final RetryBudgetState budget = new RetryBudgetState();
  private final Capacity bulkhead = new Capacity();
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
   * The bulkhead for these limits, or null when there is none. Never waits: of calls in flight
   * beyond a smaller limit none is ended, and none more is let in until enough of them are over.
   */
  public @Nullable Capacity bulkhead(ConnectionPool limits) {
    int most = mostCalls(limits);
    return most == 0 ? null : bulkhead.resize(most);
  }

  /**
   * Calls at a time: http2MaxRequests counts for every protocol as in Istio; over HTTP/1.1 a call
   * beyond maxConnections is one that waits, and http1MaxPendingRequests says how many may.
   */
  private static int mostCalls(ConnectionPool limits) {
    long requests = limits.http2MaxRequests > 0 ? limits.http2MaxRequests : Integer.MAX_VALUE;
    long waiting =
        limits.maxConnections > 0 && limits.http1MaxPendingRequests > 0
            ? (long) limits.maxConnections + limits.http1MaxPendingRequests
            : Integer.MAX_VALUE;
    long most = Math.min(requests, waiting);
    return most >= Integer.MAX_VALUE ? 0 : (int) most;
  }
}
