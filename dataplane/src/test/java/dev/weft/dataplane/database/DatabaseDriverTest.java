package dev.weft.dataplane.database;

import static dev.weft.dataplane.database.FakeDatabase.connections;
import static dev.weft.dataplane.database.FakeDatabase.rejection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.dataplane.database.FakeDatabase.Failure;
import dev.weft.dataplane.database.FakeDatabase.Refused;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.policy.snapshot.DatabaseBreaker;
import dev.weft.policy.snapshot.DatabaseStatements;
import dev.weft.policy.snapshot.DatabaseTls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DatabaseDriverTest {
  private final FakeDatabase db = new FakeDatabase();

  @Test
  void leavesADatabaseAloneThatNoPolicyMatches() throws Exception {
    db.policy(p -> p.hosts(Collections.singletonList("elsewhere")).tls(DatabaseTls.MESH));
    DatabaseSession session = db.session();
    assertThat(session.isGoverned()).isFalse();
    assertThat(db.connect(session)).isEqualTo("connected to db-1.example");
    assertThat(db.execute(session, "DROP TABLE x")).isEqualTo("done");
    assertThat(db.ended).isEmpty();
  }

  @Test
  void followsThePolicyInForceOnOpenConnections() throws Exception {
    DatabaseSession session = db.connected();
    assertThat(session.isGoverned()).isFalse();
    db.policy(p -> p.statements(DatabaseStatements.builder().timeoutMillis(250).build()));
    assertThat(session.isGoverned()).isTrue();
    db.execute(session, "SELECT 1");
    assertThat(db.timeouts).containsExactly(0L, 250L);
    db.driver.update(Collections.emptyList());
    assertThat(session.isGoverned()).isFalse();
  }

  @Test
  void connectsAgainAfterAFailureOfTheNetworkWithGrowingWaits() throws Exception {
    db.policy(p -> p.connections(connections().retries(2).backoffMillis(100).build()));
    assertThat(db.connect(db.session(), "08001", "57P03")).startsWith("connected");
    assertThat(db.attempts).hasSize(3);
    assertThat(db.waits).hasSize(2);
    assertThat(db.waits.get(0)).isBetween(99_000_000L, 100_000_000L);
    assertThat(db.waits.get(1)).isBetween(199_000_000L, 200_000_000L);
    assertThat(db.ended).hasSize(1);
    assertThat(db.ended.get(0).attempts()).isEqualTo(3);
  }

  @Test
  void throwsTheDriversOwnFailureWhenRetriesAreUsedUp() {
    db.policy(p -> p.connections(connections().retries(1).build()));
    assertThatThrownBy(() -> db.connect(db.session(), "08001", "08006"))
        .isInstanceOf(Failure.class)
        .hasMessage("08006");
    assertThat(db.attempts).hasSize(2);
  }

  @Test
  void neverConnectsAgainAfterAWrongPassword() {
    db.policy(p -> p.connections(connections().retries(5).build()));
    assertThatThrownBy(() -> db.connect(db.session(), "28P01")).hasMessage("28P01");
    assertThat(db.attempts).hasSize(1);
  }

  @Test
  void anInterruptEndsTheRetries() {
    DatabaseDriver interrupted =
        DatabaseDriver.of(
            db.now::get,
            new FakeDatabase.HighRandom(),
            nanos -> {
              throw new InterruptedException();
            },
            db.transport,
            DatabaseObserver.NONE);
    interrupted.update(
        db.policy(p -> p.connections(connections().retries(5).build()))
            .driver
            .policies()
            .documents());
    DatabaseSession session = interrupted.session(FakeDatabase.ORDERS);
    List<Integer> tries = new ArrayList<>();
    assertThatThrownBy(
            () ->
                interrupted.connect(
                    session,
                    new ConnectCall<String>() {
                      @Override
                      public String connect(ConnectAttempt attempt) throws Exception {
                        tries.add(attempt.number());
                        throw new Failure("08001");
                      }

                      @Override
                      public DatabaseFailure sign(Throwable failure) {
                        return DatabaseFailure.of(null, "08001", 0);
                      }

                      @Override
                      public Exception refused(DatabaseRejection rejection) {
                        return new Refused(rejection);
                      }
                    }))
        .hasMessage("08001");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(tries).containsExactly(1);
  }

  @Test
  void opensTheBreakerAfterFailuresInARowAndTriesAgainLater() throws Exception {
    db.policy(p -> p.breaker(DatabaseBreaker.builder().window(3).openMillis(1_000).build()));
    DatabaseSession session = db.connected();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> db.fail(session, "08006")).isInstanceOf(Failure.class);
    }
    assertThat(db.breakersOpened).isEqualTo(1);
    int before = db.executed;
    DatabaseRejection open = rejection(() -> db.execute(session, "SELECT 1"));
    assertThat(open.kind()).isEqualTo(DatabaseRejection.Kind.TRANSIENT_CONNECTION);
    assertThat(open.sqlState()).isEqualTo("53000");
    assertThat(open.message()).contains("circuit breaker").contains("shop/orders-db");
    assertThat(rejection(() -> db.connect(db.session())).sqlState()).isEqualTo("08001");
    assertThat(db.executed).isEqualTo(before);

    db.now.addAndGet(1_001_000_000L);
    assertThat(db.execute(session, "SELECT 1")).isEqualTo("done");
    assertThat(db.execute(session, "SELECT 1")).isEqualTo("done");
  }

  @Test
  void aTryThatHangsDoesNotKeepTheBreakerHalfOpenForEver() throws Exception {
    db.policy(p -> p.breaker(DatabaseBreaker.builder().window(1).openMillis(1_000).build()));
    DatabaseSession session = db.connected();
    assertThatThrownBy(() -> db.fail(session, "08006")).isInstanceOf(Failure.class);
    db.now.addAndGet(1_000_000_001L);
    db.execute(
        session,
        "SELECT hangs",
        () -> {
          for (int i = 0; i < 2; i++) {
            assertThat(rejection(() -> db.execute(session, "SELECT 1")).sqlState())
                .isEqualTo("53000");
            db.now.addAndGet(1_000_000_001L);
          }
          return "at last";
        });
    // It opened anew, and so has to wait its time before the next call tries.
    assertThat(db.breakersOpened).isEqualTo(2);
    assertThat(db.execute(session, "SELECT 1")).isEqualTo("done");
  }

  @Test
  void waitsForAPlaceNoLongerThanTheRequestMayTake() throws Exception {
    db.policy(p -> p.connections(connections().max(1).maxWaitMillis(3_600_000).build()));
    db.connected();
    RequestContext before = RequestContext.of(db.now.get() + 1_000_000L).attach();
    try {
      assertThat(rejection(() -> db.connect(db.session())).sqlState()).isEqualTo("08004");
    } finally {
      RequestContext.restore(before);
    }
  }

  @Test
  void aPasswordInTheWrongPlaceOfAUrlIsNoName() {
    DatabaseAddress address =
        DatabaseAddress.of("oracle.db", "jdbc:x", "scott/tiger@DB", 1521, "sid;password=x");
    assertThat(address).hasToString("oracle.db://db:1521/sid");
  }

  @Test
  void aConstraintIsNoFailureOfTheDatabase() throws Exception {
    db.policy(p -> p.breaker(DatabaseBreaker.builder().window(2).build()));
    DatabaseSession session = db.connected();
    for (String state : Arrays.asList("23505", "42601", "40001", "40P01", "22012", "28000")) {
      assertThatThrownBy(() -> db.fail(session, state)).isInstanceOf(Failure.class);
    }
    assertThat(db.execute(session, "SELECT 1")).isEqualTo("done");
  }

  @Test
  void aStatementThatTheApplicationCancelsIsNoFailureOfTheDatabase() throws Exception {
    db.policy(
        p ->
            p.breaker(DatabaseBreaker.builder().window(1).build())
                .statements(DatabaseStatements.builder().timeoutMillis(100).build()));
    DatabaseSession session = db.connected();
    assertThatThrownBy(() -> db.fail(session, "57014")).isInstanceOf(Failure.class);
    assertThat(db.execute(session, "SELECT 1")).isEqualTo("done");
    ThrowingCallable late =
        () ->
            db.execute(
                session,
                "SELECT 1",
                () -> {
                  db.now.addAndGet(100_000_000L);
                  throw new Failure("57014");
                });
    assertThatThrownBy(late).isInstanceOf(Failure.class);
    assertThat(rejection(() -> db.execute(session, "SELECT 1")).stage())
        .isEqualTo(DatabaseStage.BREAK);
  }

  @Test
  void neverExecutesAStatementTwice() throws Exception {
    db.policy(p -> p.connections(connections().retries(9).build()));
    DatabaseSession session = db.connected();
    assertThatThrownBy(() -> db.fail(session, "08006")).isInstanceOf(Failure.class);
    assertThat(db.executed).isEqualTo(1);
  }

  @Test
  void boundsConnectionsUntilOneIsClosed() throws Exception {
    db.policy(p -> p.connections(connections().max(2).build()));
    DatabaseSession one = db.connected();
    DatabaseSession two = db.connected();
    DatabaseRejection full = rejection(() -> db.connect(db.session()));
    assertThat(full.stage()).isEqualTo(DatabaseStage.ADMIT);
    assertThat(full.sqlState()).isEqualTo("08004");
    one.close();
    one.close();
    db.connected();
    assertThat(rejection(() -> db.connect(db.session())).stage()).isEqualTo(DatabaseStage.ADMIT);
    two.close();
    assertThatThrownBy(() -> db.connect(db.session(), "08001")).isInstanceOf(Failure.class);
    db.connected();
  }

  @Test
  void aSmallerLimitWaitsForNobody() throws Exception {
    db.policy(p -> p.connections(connections().max(3).build()));
    List<DatabaseSession> open = Arrays.asList(db.connected(), db.connected(), db.connected());
    db.policy(p -> p.connections(connections().max(1).build()));
    assertThat(rejection(() -> db.connect(db.session())).sqlState()).isEqualTo("08004");
    open.get(0).close();
    open.get(1).close();
    assertThat(rejection(() -> db.connect(db.session())).sqlState()).isEqualTo("08004");
    open.get(2).close();
    db.connected();
  }

  @Test
  void boundsStatementsAtATime() throws Exception {
    db.policy(p -> p.statements(DatabaseStatements.builder().maxConcurrent(1).build()));
    DatabaseSession session = db.connected();
    String outcome =
        db.execute(
            session,
            "SELECT 1",
            () -> rejection(() -> db.execute(db.session(), "SELECT 2")).sqlState());
    assertThat(outcome).isEqualTo("53300");
    assertThat(db.execute(session, "SELECT 3")).isEqualTo("done");
  }

  @Test
  void boundsStatementsPerSecond() throws Exception {
    db.policy(p -> p.statements(DatabaseStatements.builder().perSecond(10).burst(2).build()));
    DatabaseSession session = db.connected();
    db.execute(session, "SELECT 1");
    db.execute(session, "SELECT 1");
    assertThat(rejection(() -> db.execute(session, "SELECT 1")).sqlState()).isEqualTo("53400");
    db.now.addAndGet(100_000_000L);
    db.execute(session, "SELECT 1");
    assertThat(rejection(() -> db.execute(session, "SELECT 1")).sqlState()).isEqualTo("53400");
  }

  @Test
  void givesAStatementNoMoreThanTheDeadlineOfTheRequest() throws Exception {
    db.policy(p -> p.statements(DatabaseStatements.builder().timeoutMillis(500).build()));
    DatabaseSession session = db.connected();
    RequestContext before = RequestContext.of(db.now.get() + 80_000_000L).attach();
    try {
      db.execute(session, "SELECT 1");
      assertThat(db.timeouts).endsWith(80L);
      db.now.addAndGet(80_000_000L);
      DatabaseRejection late = rejection(() -> db.execute(session, "SELECT 1"));
      assertThat(late.kind()).isEqualTo(DatabaseRejection.Kind.TIMEOUT);
      assertThat(late.sqlState()).isEqualTo("57014");
    } finally {
      RequestContext.restore(before);
    }
  }

  @Test
  void refusesToConnectWithoutAnIdentityWhereTlsIsAsked() {
    db.policy(p -> p.tls(DatabaseTls.MESH));
    DatabaseRejection insecure = rejection(() -> db.connect(db.session()));
    assertThat(insecure.kind()).isEqualTo(DatabaseRejection.Kind.INSECURE);
    assertThat(db.attempts).isEmpty();
  }

  @Test
  void whatAnUnrelatedSnapshotDoesNotChangeGoesOn() throws Exception {
    db.policy(p -> p.breaker(DatabaseBreaker.builder().window(1).build()));
    DatabaseSession session = db.connected();
    assertThatThrownBy(() -> db.fail(session, "08006")).isInstanceOf(Failure.class);
    CompiledDatabases before = db.driver.policies();
    db.policy(p -> p.breaker(DatabaseBreaker.builder().window(1).build()));
    assertThat(db.driver.policies()).isSameAs(before);
    db.policy(p -> p.breaker(DatabaseBreaker.builder().window(1).build()).tls(DatabaseTls.NATIVE));
    assertThat(rejection(() -> db.execute(session, "SELECT 1")).stage())
        .isEqualTo(DatabaseStage.BREAK);
  }

  @Test
  void givesBackThePlaceOfAConnectionThatTheApplicationLost() throws Exception {
    db.policy(p -> p.connections(connections().max(1).build()));
    loseOne();
    await()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(db.connect(db.session())).startsWith("connected");
            });
  }

  private void loseOne() throws Exception {
    db.connected();
    assertThat(rejection(() -> db.connect(db.session())).sqlState()).isEqualTo("08004");
  }

  @Test
  void refusesDeniedKindsAndTellsWhatToDo() throws Exception {
    db.policy(
        p ->
            p.statements(
                DatabaseStatements.builder().denied(Arrays.asList("DROP", "TRUNCATE")).build()));
    DatabaseSession session = db.connected();
    for (String text : Arrays.asList("drop table t", "SELECT 1; /* x */ TRUNCATE t")) {
      DatabaseRejection denied = rejection(() -> db.execute(session, text));
      assertThat(denied.kind()).isEqualTo(DatabaseRejection.Kind.FORBIDDEN);
      assertThat(denied.stage()).isEqualTo(DatabaseStage.GUARD);
      assertThat(denied.sqlState()).isEqualTo("42501");
      assertThat(denied.message()).contains("shop/orders-db", "statements.deny", "db-1.example");
    }
    assertThat(db.executed).isZero();
    assertThat(db.execute(session, "SELECT 'drop table t'")).isEqualTo("done");
  }

  @Test
  void judgesEveryStatementOfABatch() throws Exception {
    db.policy(
        p ->
            p.statements(
                DatabaseStatements.builder().denied(Arrays.asList("DROP", "MULTIPLE")).build()));
    DatabaseSession session = db.connected();
    assertThat(
            rejection(() -> db.batch(session, "INSERT INTO t VALUES (1) -- '", "DROP TABLE t"))
                .message())
        .contains("DROP");
    db.batch(session, "INSERT INTO t VALUES (1)", "DELETE FROM t");
    assertThat(db.ended.get(db.ended.size() - 1).batchSize()).isEqualTo(2);
  }

  @Test
  void letsOnlyReadingThroughWherePolicySaysSo() throws Exception {
    db.policy(p -> p.statements(DatabaseStatements.builder().readOnly(true).build()));
    DatabaseSession session = db.connected();
    for (String text :
        Arrays.asList("INSERT INTO t VALUES (1)", "SELECT 1 FOR UPDATE", "CALL f()")) {
      DatabaseRejection refused = rejection(() -> db.execute(session, text));
      assertThat(refused.sqlState()).as(text).isEqualTo("25006");
    }
    for (String text : Arrays.asList("SELECT 1", "BEGIN", "ROLLBACK", "SHOW x", "SET y = 1")) {
      assertThat(db.execute(session, text)).as(text).isEqualTo("done");
    }
  }

  @Test
  void aKindThatNobodyKnowsRefusesThePolicy() {
    assertThatThrownBy(
            () ->
                db.policy(
                    p ->
                        p.statements(
                            DatabaseStatements.builder()
                                .denied(Collections.singletonList("VACUUM"))
                                .build())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leavesNoTransactionHalfDone() throws Exception {
    db.policy(
        p ->
            p.breaker(DatabaseBreaker.builder().window(1).openMillis(1_000).build())
                .statements(
                    DatabaseStatements.builder().perSecond(0.001).maxConcurrent(1).build()));
    DatabaseSession session = db.connected();
    assertThatThrownBy(() -> db.fail(session, "08006")).isInstanceOf(Failure.class);
    assertThat(rejection(() -> db.execute(session, "SELECT 1")).sqlState()).startsWith("53");
    assertThat(db.execute(session, "COMMIT")).isEqualTo("done");
    assertThat(db.execute(session, "ROLLBACK")).isEqualTo("done");
  }

  @Test
  void anObserverThatThrowsCostsNothing() throws Exception {
    DatabaseDriver driver =
        DatabaseDriver.of(
            db.now::get,
            new FakeDatabase.HighRandom(),
            nanos -> {},
            db.transport,
            new DatabaseObserver() {
              @Override
              public void started(DatabaseExchange exchange) {
                throw new IllegalStateException("bug");
              }

              @Override
              public void ended(DatabaseExchange exchange) {
                throw new LinkageError("bug");
              }
            });
    driver.update(db.policy(p -> p).driver.policies().documents());
    DatabaseSession session = driver.session(FakeDatabase.ORDERS);
    assertThat(
            driver.<String>execute(
                session,
                "SELECT 1",
                new StatementCall<String>() {
                  @Override
                  public String execute(long timeoutMillis) {
                    return "done";
                  }

                  @Override
                  public DatabaseFailure sign(Throwable failure) {
                    return DatabaseFailure.of(null, null, 0);
                  }

                  @Override
                  public Exception refused(DatabaseRejection rejection) {
                    return new Refused(rejection);
                  }
                }))
        .isEqualTo("done");
    assertThat(driver.observerFailures()).isEqualTo(2);
  }
}
