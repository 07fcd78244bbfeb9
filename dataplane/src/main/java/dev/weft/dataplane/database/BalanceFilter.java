package dev.weft.dataplane.database;

import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.resilience.EndpointState;
import org.jspecify.annotations.Nullable;

/** Picks the host of an attempt where policy redirects; else it is the URL's own. */
final class BalanceFilter implements DatabaseFilter {
  private final RandomSource random;

  BalanceFilter(RandomSource random) {
    this.random = random;
  }

  @Override
  public DatabaseStage stage() {
    return DatabaseStage.BALANCE;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    ReplicaSet replicas = exchange.target.replicas;
    HostState host = null;
    if (replicas != null) {
      host = replicas.pick(exchange.readOnly, exchange.tried, exchange.nowNanos, random);
      if (host == null) {
        return exchange.reject(
            DatabaseRejection.Kind.TRANSIENT_CONNECTION,
            DatabaseStage.BALANCE,
            "08001",
            "the redirect of "
                + exchange.address()
                + " has no host for this: start or name a primary");
      }
      // Refused means that another thread probes it: all hosts are out then, and it is tried too.
      exchange.hostProbe = host.state().tryAcquire(exchange.nowNanos) == EndpointState.PROBE;
      exchange.tried.add(host);
      host.state().begin();
    }
    exchange.attempt = new ConnectAttempt(exchange.address(), host, exchange.attempts);
    return null;
  }

  @Override
  public void release(DatabaseExchange exchange) {
    ConnectAttempt attempt = exchange.attempt;
    HostState host = attempt == null ? null : attempt.hostState();
    if (host == null) {
      return;
    }
    if (exchange.hostProbe) {
      // CLASSIFY clears the mark; what is left was never sent.
      exchange.hostProbe = false;
      host.state().releaseProbe();
    }
    if (!exchange.hostKept) {
      host.state().end();
    }
  }
}
