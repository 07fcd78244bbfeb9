package dev.weft.dataplane.database;

import dev.weft.dataplane.Detached;
import dev.weft.dataplane.filter.Parker;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.resilience.StateRegistry;
import dev.weft.dataplane.sql.Dialect;
import dev.weft.dataplane.sql.StatementStore;
import dev.weft.policy.snapshot.DatabasePolicy;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs connects and statements under the policy for their database, on the caller's thread. A
 * connect may be made again after a failure, a statement never. Thread-safe.
 */
public final class DatabaseDriver {
  /** Databases that are told apart; an application that makes their names up meets this bound. */
  private static final int MOST_DATABASES = 1_000;

  private final DatabaseChain chain;
  private final GuardedObserver observer;
  private final LongSupplier nanos;
  private final Parker parker;
  private final HostProbes probes;
  private final Map<String, DatabaseState> states =
      new LinkedHashMap<String, DatabaseState>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DatabaseState> eldest) {
          // Sessions keep the state they have; a new connection begins with a new one.
          boolean full = size() > MOST_DATABASES;
          if (full) {
            probes.forget(eldest.getValue());
          }
          return full;
        }
      };
  private final Map<Dialect, StatementStore> statements = new EnumMap<>(Dialect.class);
  private volatile CompiledDatabases policies = CompiledDatabases.NONE;

  private DatabaseDriver(
      LongSupplier nanos,
      RandomSource random,
      Parker parker,
      TransportSecurity transport,
      DatabaseObserver observer,
      HostProbes probes) {
    this.probes = probes;
    this.observer = new GuardedObserver(observer);
    this.chain = new DatabaseChain(nanos, random, transport, this.observer);
    this.nanos = nanos;
    this.parker = parker;
    for (Dialect dialect : Dialect.values()) {
      statements.put(dialect, new StatementStore(dialect));
    }
  }

  /** A driver without policy: every database is left alone. */
  public static DatabaseDriver of(
      LongSupplier nanos,
      RandomSource random,
      Parker parker,
      TransportSecurity transport,
      DatabaseObserver observer) {
    HostProbes probes =
        new HostProbes(
            HostProbe.TCP, nanos, run -> Detached.thread(run, "mesh-database-probe").start());
    return of(nanos, random, parker, transport, observer, probes);
  }

  static DatabaseDriver of(
      LongSupplier nanos,
      RandomSource random,
      Parker parker,
      TransportSecurity transport,
      DatabaseObserver observer,
      HostProbes probes) {
    return new DatabaseDriver(nanos, random, parker, transport, observer, probes);
  }

  /**
   * Puts policies in force for every call that begins from now on, on open connections too.
   *
   * @throws IllegalArgumentException when one cannot be compiled; the earlier ones stay
   */
  public void update(List<DatabasePolicy> next) {
    CompiledDatabases compiled = CompiledDatabases.of(next, policies);
    policies = compiled;
    probes.retain(compiled::contains);
  }

  /** Whether there is any policy for databases; without one a hook may leave at once. */
  public boolean isIdle() {
    return policies.isEmpty();
  }

  /** How often an observer threw and was ignored. */
  public long observerFailures() {
    return observer.failures();
  }

  /** A connection that is going to be opened, or was opened before it could be seen. */
  public DatabaseSession session(DatabaseAddress address) {
    return new DatabaseSession(this, address);
  }

  /**
   * Opens a connection.
   *
   * @return what the library's call returned
   * @throws Exception the library's own failure, or its exception for a refusal
   */
  public <C> C connect(DatabaseSession session, ConnectCall<C> call) throws Exception {
    DatabaseTarget target = session.target();
    if (target == null) {
      return call.connect(new ConnectAttempt(session.address(), null, 1));
    }
    DatabaseExchange exchange =
        new DatabaseExchange(
            DatabaseExchange.Operation.CONNECT,
            session.address(),
            target,
            Collections.emptyList(),
            null,
            0,
            call.readOnly(),
            null,
            nanos.getAsLong());
    try {
      DatabaseRejection rejection = chain.enter(exchange);
      while (rejection == null) {
        rejection = chain.begin(exchange);
        ConnectAttempt attempt = exchange.attempt;
        if (rejection != null || attempt == null) {
          break;
        }
        try {
          C connection = call.connect(attempt);
          chain.classify(exchange, call, null);
          keep(session, exchange, attempt);
          return connection;
        } catch (Throwable failure) {
          chain.classify(exchange, call, failure);
          await(exchange, failure);
        }
      }
      throw refused(exchange, call, rejection);
    } finally {
      chain.conclude(exchange);
    }
  }

  /** The connection holds its place and counts at its host until it is closed. */
  private static void keep(
      DatabaseSession session, DatabaseExchange exchange, ConnectAttempt attempt) {
    OpenConnection open =
        exchange.target.state.opened(session, exchange.place, attempt.hostState());
    exchange.placeKept = true;
    exchange.hostKept = true;
    session.opened(open);
  }

  /** Waits for the next attempt, or throws the failure of the last one. */
  private void await(DatabaseExchange exchange, Throwable failure) throws Exception {
    long wait = chain.retry(exchange);
    if (wait < 0) {
      throw DatabaseDriver.<RuntimeException>unchecked(failure);
    }
    try {
      parker.park(wait);
    } catch (InterruptedException interrupted) {
      // The application wants its thread back: what failed stands.
      Thread.currentThread().interrupt();
      throw DatabaseDriver.<RuntimeException>unchecked(failure);
    }
  }

  /**
   * Executes a statement, at most once.
   *
   * @param text the statement
   * @return what the library's call returned
   * @throws Exception the library's own failure, or its exception for a refusal
   */
  public <R> R execute(DatabaseSession session, String text, StatementCall<R> call)
      throws Exception {
    RunningStatement running = begin(session, text, call.batchSize(), call);
    if (running == null) {
      return call.execute(0);
    }
    try {
      R result = call.execute(running.timeoutMillis());
      running.end(null);
      return result;
    } catch (Throwable failure) {
      running.end(failure);
      throw DatabaseDriver.<RuntimeException>unchecked(failure);
    }
  }

  /**
   * Begins a statement that the library executes by itself, once, on this thread: for a hook that
   * lets the library's own method run.
   *
   * @param text as for {@link #execute}
   * @param batchSize as {@link StatementCall#batchSize()}
   * @return what has to be ended when it is over; null when no policy holds
   * @throws Exception the library's exception for a refusal; nothing is to be ended then
   */
  public @Nullable RunningStatement begin(
      DatabaseSession session, String text, int batchSize, DatabaseCall call) throws Exception {
    return begin(session, Collections.singletonList(text), batchSize, call);
  }

  /**
   * Begins a batch of statements that may differ. They must not be put into one text: a comment or
   * a quote that one leaves open would hide the next.
   *
   * @param texts as they are sent, at least one
   * @param batchSize as {@link StatementCall#batchSize()}
   * @return what has to be ended when it is over; null when no policy holds
   * @throws Exception the library's exception for a refusal; nothing is to be ended then
   */
  public @Nullable RunningStatement begin(
      DatabaseSession session, List<String> texts, int batchSize, DatabaseCall call)
      throws Exception {
    DatabaseTarget target = session.target();
    if (target == null) {
      return null;
    }
    DatabaseExchange exchange =
        new DatabaseExchange(
            DatabaseExchange.Operation.STATEMENT,
            session.address(),
            target,
            texts,
            statements.get(session.dialect()),
            batchSize,
            false,
            session.host(),
            nanos.getAsLong());
    boolean begun = false;
    try {
      DatabaseRejection rejection = chain.enter(exchange);
      if (rejection != null) {
        throw refused(exchange, call, rejection);
      }
      begun = true;
      return new RunningStatement(chain, exchange, call);
    } finally {
      if (!begun) {
        chain.conclude(exchange);
      }
    }
  }

  private Exception refused(
      DatabaseExchange exchange, DatabaseCall call, @Nullable DatabaseRejection rejection) {
    if (rejection == null) {
      throw new IllegalStateException("attempt without outcome");
    }
    exchange.rejection = rejection;
    exchange.nowNanos = nanos.getAsLong();
    return call.refused(rejection);
  }

  CompiledDatabases policies() {
    return policies;
  }

  @Nullable DatabaseTarget target(CompiledDatabases among, DatabaseAddress address) {
    CompiledDatabase policy = among.isEmpty() ? null : among.find(address);
    return policy == null ? null : state(address).under(policy);
  }

  private DatabaseState state(DatabaseAddress address) {
    synchronized (states) {
      return states.computeIfAbsent(address.toString(), key -> state(key, address));
    }
  }

  private DatabaseState state(String key, DatabaseAddress address) {
    StateRegistry hosts = new StateRegistry(nanos);
    hosts.onEjection(host -> observer.ejected(address));
    return new DatabaseState(
        key, nanos, hosts.service(key), () -> observer.opened(address), probes, address.port());
  }

  /** The library's failure goes on as it is, checked or not. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException unchecked(Throwable failure) throws T {
    throw (T) failure;
  }
}
