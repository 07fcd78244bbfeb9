package dev.weft.dataplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.policy.snapshot.DatabaseConnections;
import dev.weft.policy.snapshot.DatabasePolicy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A driver with settable time, a library that does as told, and a record of what happened. */
final class FakeDatabase implements DatabaseObserver {
  static final DatabaseAddress ORDERS =
      DatabaseAddress.of(
          "postgresql",
          "jdbc:postgresql://db-1.example/orders?user=shop&password=secret",
          "db-1.example",
          5432,
          "orders");

  final AtomicLong now = new AtomicLong(1_000_000_000L);
  final List<Long> waits = new ArrayList<>();
  final List<String> attempts = new ArrayList<>();
  final List<DatabaseExchange> ended = new ArrayList<>();
  final List<Long> timeouts = new ArrayList<>();
  int executed;
  int breakersOpened;
  int hostsEjected;
  final TransportSecurity transport = TransportSecurity.of(Clock.systemUTC());
  final Set<String> away = new HashSet<>();
  final List<String> probed = new ArrayList<>();
  final List<Runnable> loops = new ArrayList<>();
  final HostProbes probes = new HostProbes(this::reachable, now::get, loops::add);
  final DatabaseDriver driver =
      DatabaseDriver.of(now::get, new HighRandom(), this::park, transport, this, probes);

  /** A failure of the library. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    final String state;

    Failure(String state) {
      super(state);
      this.state = state;
    }
  }

  /** A refusal as the library's exception. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    final transient DatabaseRejection rejection;

    Refused(DatabaseRejection rejection) {
      super(rejection.message());
      this.rejection = rejection;
    }
  }

  /** Draws the highest there is: full waits, the last of candidates. */
  static final class HighRandom implements RandomSource {
    @Override
    public long nextLong() {
      return Long.MAX_VALUE;
    }

    @Override
    public int nextInt(int bound) {
      return bound - 1;
    }

    @Override
    public double nextDouble() {
      return 0.999_999_999;
    }
  }

  private boolean reachable(String host, int port, int timeoutMillis) {
    probed.add(host + ":" + port);
    return !away.contains(host);
  }

  private void park(long nanos) {
    waits.add(nanos);
    now.addAndGet(nanos);
  }

  DatabaseChain chain() {
    return new DatabaseChain(
        now::get, new HighRandom(), transport, new GuardedObserver(DatabaseObserver.NONE));
  }

  FakeDatabase policy(Function<DatabasePolicy.Builder, DatabasePolicy.Builder> edit) {
    DatabasePolicy.Builder builder =
        DatabasePolicy.builder()
            .name("orders-db")
            .namespace("shop")
            .hosts(Collections.singletonList("db-*.example"));
    driver.update(Collections.singletonList(edit.apply(builder).build()));
    return this;
  }

  DatabaseSession session() {
    return driver.session(ORDERS);
  }

  DatabaseSession connected() throws Exception {
    DatabaseSession session = session();
    connect(session);
    return session;
  }

  /** Connects; each of the states in turn is how an attempt fails, then it succeeds. */
  String connect(DatabaseSession session, String... states) throws Exception {
    return connect(session, false, states);
  }

  String connect(DatabaseSession session, boolean readOnly, String... states) throws Exception {
    List<String> failures = new ArrayList<>(Arrays.asList(states));
    return driver.connect(
        session,
        new ConnectCall<String>() {
          @Override
          public String connect(ConnectAttempt attempt) throws Exception {
            attempts.add(attempt.host() + ":" + attempt.port());
            timeouts.add(attempt.timeoutMillis());
            if (!failures.isEmpty()) {
              throw new Failure(failures.remove(0));
            }
            return "connected to " + attempt.host();
          }

          @Override
          public boolean readOnly() {
            return readOnly;
          }

          @Override
          public DatabaseFailure sign(Throwable failure) {
            return FakeDatabase.sign(failure);
          }

          @Override
          public Exception refused(DatabaseRejection rejection) {
            return new Refused(rejection);
          }
        });
  }

  String execute(DatabaseSession session, String text) throws Exception {
    return execute(session, text, () -> "done");
  }

  String fail(DatabaseSession session, String state) throws Exception {
    return execute(
        session,
        "SELECT 1",
        () -> {
          throw new Failure(state);
        });
  }

  /** What the database does. */
  interface Work {
    String run() throws Exception;
  }

  String execute(DatabaseSession session, String text, Work work) throws Exception {
    return driver.execute(
        session,
        text,
        new StatementCall<String>() {
          @Override
          public String execute(long timeoutMillis) throws Exception {
            executed++;
            timeouts.add(timeoutMillis);
            return work.run();
          }

          @Override
          public DatabaseFailure sign(Throwable failure) {
            return FakeDatabase.sign(failure);
          }

          @Override
          public Exception refused(DatabaseRejection rejection) {
            return new Refused(rejection);
          }
        });
  }

  void batch(DatabaseSession session, String... texts) throws Exception {
    DatabaseCall call =
        new DatabaseCall() {
          @Override
          public DatabaseFailure sign(Throwable failure) {
            return FakeDatabase.sign(failure);
          }

          @Override
          public Exception refused(DatabaseRejection rejection) {
            return new Refused(rejection);
          }
        };
    RunningStatement running = driver.begin(session, Arrays.asList(texts), texts.length, call);
    if (running != null) {
      running.end(null);
    }
  }

  private static DatabaseFailure sign(Throwable failure) {
    String state = failure instanceof Failure ? ((Failure) failure).state : null;
    return DatabaseFailure.of(null, state, 0);
  }

  @Override
  public void ended(DatabaseExchange exchange) {
    ended.add(exchange);
  }

  @Override
  public void ejected(DatabaseAddress address) {
    hostsEjected++;
  }

  @Override
  public void opened(DatabaseAddress address) {
    breakersOpened++;
  }

  /** What the call is refused with. */
  static DatabaseRejection rejection(ThrowingCallable call) {
    Refused refused = catchThrowableOfType(Refused.class, call);
    assertThat(refused).isNotNull();
    return refused.rejection;
  }

  static DatabaseConnections.Builder connections() {
    return DatabaseConnections.builder();
  }
}
