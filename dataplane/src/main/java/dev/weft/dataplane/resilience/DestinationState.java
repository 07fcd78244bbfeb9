package dev.weft.dataplane.resilience;

import dev.weft.dataplane.balance.Candidates;
import dev.weft.dataplane.balance.HashPicker;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.ConsistentHash;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What outlives snapshots about one destination, a service or a subset of it: round-robin cursor,
 * bulkhead, retry budget. Thread-safe.
 */
public final class DestinationState {
  private final AtomicInteger cursor = new AtomicInteger();
  private final RetryBudgetState budget = new RetryBudgetState();
  private volatile @Nullable HashPicker hashing;
  private volatile @Nullable Bulkhead bulkhead;

  DestinationState() {}

  /** Whose turn it is. */
  public AtomicInteger cursor() {
    return cursor;
  }

  /**
   * Consistent hashing over these candidates; its table goes on from snapshot to snapshot while
   * they are the same. Called by the thread that applies snapshots.
   */
  public HashPicker hashing(ConsistentHash policy, Candidates candidates) {
    boolean maglev = policy.algorithm == ConsistentHash.Algorithm.MAGLEV;
    HashPicker made = HashPicker.of(maglev, policy.size, candidates, hashing);
    hashing = made;
    return made;
  }

  /** The retry budget. */
  public RetryBudgetState budget() {
    return budget;
  }

  /**
   * The bulkhead for these limits, or null when there is none. Its count of calls in flight goes on
   * when limits change; a bulkhead that comes or goes starts empty.
   */
  public synchronized @Nullable Bulkhead bulkhead(ConnectionPool limits, String name) {
    int most = mostCalls(limits);
    Bulkhead known = bulkhead;
    if (most == 0) {
      bulkhead = null;
    } else if (known == null) {
      bulkhead = Bulkhead.of(name, config(most));
    } else if (known.getBulkheadConfig().getMaxConcurrentCalls() != most) {
      known.changeConfig(config(most));
    }
    return bulkhead;
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

  private static BulkheadConfig config(int most) {
    return BulkheadConfig.custom()
        .maxConcurrentCalls(most)
        .maxWaitDuration(Duration.ZERO)
        .writableStackTraceEnabled(false)
        .build();
  }
}
