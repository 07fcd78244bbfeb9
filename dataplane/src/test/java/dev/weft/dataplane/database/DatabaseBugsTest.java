package dev.weft.dataplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.dataplane.database.FakeDatabase.Failure;
import dev.weft.dataplane.database.FakeDatabase.Refused;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.policy.snapshot.DatabaseConnections;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseRedirect;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Bugs put in on purpose: what enforces refuses, what helps or observes is left out. */
class DatabaseBugsTest {
  private final FakeDatabase db = new FakeDatabase();
  private int connects;

  /** A library whose adapter cannot read its own failures. */
  private class Broken implements ConnectCall<String>, StatementCall<String> {
    @Override
    public String connect(ConnectAttempt attempt) throws Exception {
      connects++;
      throw new Failure("08001");
    }

    @Override
    public String execute(long timeoutMillis) throws Exception {
      throw new Failure("08006");
    }

    @Override
    public DatabaseFailure sign(Throwable failure) {
      throw new LinkageError("bug");
    }

    @Override
    public Exception refused(DatabaseRejection rejection) {
      return new Refused(rejection);
    }
  }

  private DatabaseDriver driver(RandomSource random, DatabasePolicy policy) {
    DatabaseDriver driver =
        DatabaseDriver.of(
            db.now::get, random, nanos -> {}, db.transport, DatabaseObserver.NONE, db.probes);
    driver.update(Collections.singletonList(policy));
    return driver;
  }

  private static DatabasePolicy.Builder policy() {
    return DatabasePolicy.builder().name("db").hosts(Collections.singletonList("*"));
  }

  private static final class NoRandom implements RandomSource {
    @Override
    public long nextLong() {
      throw new IllegalStateException("bug");
    }

    @Override
    public int nextInt(int bound) {
      throw new IllegalStateException("bug");
    }

    @Override
    public double nextDouble() {
      throw new IllegalStateException("bug");
    }
  }

  @Test
  void aFilterThatFailsRefuses() {
    DatabaseRedirect redirect =
        DatabaseRedirect.builder()
            .hosts(Collections.singletonList(DatabaseHost.builder().address("pg").build()))
            .build();
    DatabaseDriver driver = driver(new NoRandom(), policy().redirect(redirect).build());
    DatabaseSession session = driver.session(FakeDatabase.ORDERS);
    Refused refused =
        catchThrowableOfType(Refused.class, () -> driver.connect(session, new Broken()));
    assertThat(refused.rejection.stage()).isEqualTo(DatabaseStage.BALANCE);
    assertThat(refused.rejection.message()).contains("failed to decide");
    assertThat(connects).isZero();
  }

  @Test
  void withoutADecisionToRetryTheFailureStands() {
    DatabaseConnections retries = DatabaseConnections.builder().retries(3).max(1).build();
    DatabaseDriver driver = driver(new NoRandom(), policy().connections(retries).build());
    for (int i = 1; i <= 2; i++) {
      DatabaseSession session = driver.session(FakeDatabase.ORDERS);
      Broken away =
          new Broken() {
            @Override
            public DatabaseFailure sign(Throwable failure) {
              return DatabaseFailure.of(DatabaseFailure.Kind.CONNECTION, null, 0);
            }
          };
      assertThatThrownBy(() -> driver.connect(session, away)).isInstanceOf(Failure.class);
      assertThat(connects).isEqualTo(i);
    }
  }

  @Test
  void aFailureThatCannotBeReadReachesTheApplicationAsItIs() {
    DatabaseDriver driver = driver(new FakeDatabase.HighRandom(), policy().build());
    DatabaseSession session = driver.session(FakeDatabase.ORDERS);
    assertThatThrownBy(() -> driver.execute(session, "SELECT 1", new Broken()))
        .isInstanceOf(Failure.class)
        .hasMessage("08006");
    assertThatThrownBy(() -> driver.connect(session, new Broken())).hasMessage("08001");
  }
}
