package dev.weft.dataplane.database;

import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.resilience.TokenBucket;
import dev.weft.policy.snapshot.DatabasePolicy;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import org.jspecify.annotations.Nullable;

/** A database under a policy: the policy, and the state of what it limits. Immutable. */
final class DatabaseTarget {
  final CompiledDatabase policy;
  final DatabaseState state;
  final @Nullable Capacity connections;
  final @Nullable Capacity statements;
  final @Nullable TokenBucket rate;
  final @Nullable CircuitBreaker breaker;
  final @Nullable ReplicaSet replicas;

  DatabaseTarget(
      CompiledDatabase policy,
      DatabaseState state,
      @Nullable Capacity connections,
      @Nullable Capacity statements,
      @Nullable TokenBucket rate,
      @Nullable CircuitBreaker breaker,
      @Nullable ReplicaSet replicas) {
    this.policy = policy;
    this.state = state;
    this.connections = connections;
    this.statements = statements;
    this.rate = rate;
    this.breaker = breaker;
    this.replicas = replicas;
  }

  DatabasePolicy document() {
    return policy.document();
  }
}
