package dev.weft.instrumentation.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.database.DatabaseMesh;
import dev.weft.instrumentation.testing.database.ServerUnderTest;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabaseRedirect;
import dev.weft.policy.snapshot.DatabaseTls;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/** TLS of the database's own protocol with our SVID, to a server that demands a certificate. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
abstract class NativeTlsContract {
  private final DatabaseMesh mesh = new DatabaseMesh();
  private ServerUnderTest database;
  private WeavingHarness harness;

  /** A server that takes clients of an authority only; skips where none can be run. */
  abstract ServerUnderTest server(TestAuthority authority) throws Exception;

  /** Opens a connection by the driver under test. */
  abstract Connection open(String url, Properties info) throws Exception;

  /** A query that answers something, not empty, when the connection is secured. */
  abstract String secured();

  /** Parameters of a URL by which an application would do without TLS. */
  abstract String without();

  /** Whether {@code cancel} needs no connection that is secured. */
  boolean cancels() {
    return true;
  }

  /** Whether the time of a statement is kept without a connection that is secured. */
  boolean endsInTime() {
    return true;
  }

  /** Why a connection is refused that a driver opens to cancel a statement. */
  String refusalOfItsCancel() {
    return "SSLHandshakeException";
  }

  /** The mesh that this JVM is in. */
  final DatabaseMesh mesh() {
    return mesh;
  }

  @BeforeAll
  final void start() throws Exception {
    database = server(mesh.authority());
    harness =
        WeavingHarness.install(
            mesh.dataPlane(), JdbcContract.all().toArray(new InstrumentationModule[0]));
  }

  @AfterAll
  final void stop() {
    if (harness != null) {
      harness.close();
    }
    if (database != null) {
      database.close();
    }
  }

  @BeforeEach
  final void enrol() {
    mesh.enrol("caller");
    require("db");
  }

  private void require(String serviceAccount) {
    DatabaseHost host =
        DatabaseHost.builder()
            .address("127.0.0.1")
            .port(database.port())
            .spiffeId(TestAuthority.spiffeId(serviceAccount))
            .build();
    mesh.govern(
        p ->
            p.tls(DatabaseTls.NATIVE)
                .redirect(DatabaseRedirect.builder().hosts(List.of(host)).build()));
  }

  /** A connection to wherever policy says. */
  final Connection connect() throws Exception {
    return connect("");
  }

  /** The same with more parameters in the URL. */
  final Connection connect(String parameters) throws Exception {
    Properties info = new Properties();
    info.setProperty("user", database.user());
    info.setProperty("password", database.password());
    return open(database.url("db.invalid", 1) + parameters, info);
  }

  /** The one answer of a query. */
  static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  @Test
  void statementsRunOverTlsWithOurCertificate() throws Exception {
    try (Connection connection = connect()) {
      assertThat(ask(connection, secured())).isNotBlank();
    }
  }

  @Test
  void anApplicationThatWantsNoTlsIsSecuredAllTheSame() throws Exception {
    try (Connection connection = connect(without())) {
      assertThat(ask(connection, secured())).isNotBlank();
    }
  }

  @Test
  void withoutThePolicyTheServerRefuses() {
    mesh.apply(List.of());
    assertThatThrownBy(
            () -> {
              Properties info = new Properties();
              info.setProperty("user", database.user());
              info.setProperty("password", database.password());
              open(database.url(), info);
            })
        .isInstanceOf(SQLException.class);
  }

  @Test
  void aServerOfAnotherIdentityIsRefused() {
    require("other");
    assertThatThrownBy(this::connect)
        .isInstanceOf(SQLException.class)
        .hasStackTraceContaining("expected " + TestAuthority.spiffeId("other"));
  }

  @Test
  void anIdentityThatTheServerDoesNotKnowIsRefused() {
    mesh.enrol(TestAuthority.create().issue("caller"), Set.of());
    assertThatThrownBy(this::connect).isInstanceOf(SQLException.class);
  }

  @Test
  void aServerWhoseIdentityIsWithdrawnIsRefused() {
    mesh.enrol(mesh.authority().issue("caller"), Set.of(TestAuthority.spiffeId("db")));
    assertThatThrownBy(this::connect).isInstanceOf(SQLException.class);
  }

  @Test
  void openConnectionsEndWhenTheServersIdentityIsWithdrawn() throws Exception {
    try (Connection connection = connect()) {
      assertThat(ask(connection, secured())).isNotBlank();
      mesh.enrol(mesh.authority().issue("caller"), Set.of(TestAuthority.spiffeId("db")));
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> ask(connection, secured()))
                      .isInstanceOf(SQLException.class));
    }
  }

  @Test
  void openConnectionsGoOnWhenTheSvidIsRotated() throws Exception {
    try (Connection before = connect()) {
      mesh.enrol("caller");
      assertThat(ask(before, secured())).isNotBlank();
      try (Connection after = connect()) {
        assertThat(ask(after, secured())).isNotBlank();
      }
      assertThat(ask(before, secured())).isNotBlank();
    }
  }

  @Test
  void aDefectOfTheHookRefuses() throws Exception {
    harness.breakHook("dev.weft.instrumentation.jdbc.TlsHook");
    try {
      assertThatThrownBy(this::connect)
          .isInstanceOf(SQLException.class)
          .hasStackTraceContaining("defect of a hook");
    } finally {
      harness.breakHook(null);
    }
    connect().close();
  }

  /** What a driver opens for itself is not handed our judgement, so its own has to refuse. */
  @Test
  void aStatementIsEndedOrItsCancelTrustsNobody() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      FutureTask<Boolean> slow = new FutureTask<>(() -> statement.execute(database.slowQuery()));
      new Thread(slow, "slow statement").start();
      try {
        SQLException refused = cancel(statement, slow);
        if (cancels()) {
          assertThat((Throwable) refused).isNull();
          assertThatThrownBy(slow::get).hasCauseInstanceOf(SQLException.class);
        } else {
          assertThat((Throwable) refused).hasStackTraceContaining(refusalOfItsCancel());
          assertThat(slow).isNotDone();
        }
      } finally {
        connection.abort(Runnable::run);
      }
    }
  }

  /** Until the statement has ended, for a cancel that comes before it is sent is lost. */
  private static @Nullable SQLException cancel(Statement statement, FutureTask<Boolean> slow) {
    AtomicReference<SQLException> refused = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              try {
                statement.cancel();
              } catch (SQLException e) {
                refused.set(e);
              }
              return slow.isDone() || refused.get() != null;
            });
    return refused.get();
  }

  @Test
  void aStatementEndsInTimeOrItsCancelTrustsNobody() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      String slow = database.slowQuery();
      if (endsInTime()) {
        assertThatThrownBy(() -> statement.execute(slow)).isInstanceOf(SQLException.class);
      } else {
        // It runs on to its end, and then hears what became of its cancel.
        long start = System.nanoTime();
        assertThatThrownBy(() -> statement.execute(slow.replace("60", "4")))
            .isInstanceOf(SQLException.class)
            .hasStackTraceContaining(refusalOfItsCancel());
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isGreaterThan(Duration.ofSeconds(3));
      }
    }
  }
}
