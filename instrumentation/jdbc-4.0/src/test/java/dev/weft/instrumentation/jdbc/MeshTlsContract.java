package dev.weft.instrumentation.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.database.DatabaseMesh;
import dev.weft.instrumentation.testing.database.ServerUnderTest;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabaseRedirect;
import dev.weft.policy.snapshot.DatabaseTls;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/** Mesh mTLS around the connection to a real server, by a driver on the class path. */
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
abstract class MeshTlsContract {
  private final DatabaseMesh mesh = new DatabaseMesh();
  private ServerUnderTest database;
  private MeshRelay relay;
  private WeavingHarness harness;

  /** The server; skips where none can be run. */
  abstract ServerUnderTest server() throws Exception;

  @BeforeAll
  final void start() throws Exception {
    database = server();
    relay = new MeshRelay(mesh.authority().serverContext("db"), database.port());
    mesh.enrol("caller");
    harness =
        WeavingHarness.install(
            mesh.dataPlane(), JdbcContract.all().toArray(new InstrumentationModule[0]));
  }

  @AfterAll
  final void stop() throws Exception {
    if (harness != null) {
      harness.close();
      relay.close();
      database.close();
    }
  }

  private void require(String spiffeId, DatabaseTls tls) {
    DatabaseHost host =
        DatabaseHost.builder().address("127.0.0.1").port(relay.port()).spiffeId(spiffeId).build();
    mesh.govern(p -> p.tls(tls).redirect(DatabaseRedirect.builder().hosts(List.of(host)).build()));
  }

  private Connection connect(String parameters) throws SQLException {
    return DriverManager.getConnection(
        database.url("db.invalid", 1) + parameters, database.user(), database.password());
  }

  @Test
  void statementsRunOverMutualTls() throws Exception {
    require(TestAuthority.spiffeId("db"), DatabaseTls.MESH);
    int before = relay.accepted();
    try (Connection connection = connect("");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT 40 + 2")) {
      assertThat(result.next()).isTrue();
      assertThat(result.getInt(1)).isEqualTo(42);
    }
    assertThat(relay.accepted()).isGreaterThan(before);
  }

  @Test
  void anotherIdentityIsRefused() {
    require(TestAuthority.spiffeId("other"), DatabaseTls.MESH);
    assertThatThrownBy(() -> connect("")).isInstanceOf(SQLException.class);
  }

  @Test
  void socketFactoryOfTheApplicationInTheUrlIsRefused() {
    require(TestAuthority.spiffeId("db"), DatabaseTls.MESH);
    assertThatThrownBy(() -> connect("?socketFactory=com.example.Own"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("TLS MESH");
  }

  @Test
  void aTimeForLoginLeavesTheConnectOnItsThread() throws Exception {
    require(TestAuthority.spiffeId("db"), DatabaseTls.MESH);
    int before = relay.accepted();
    try (Connection connection = connect("?loginTimeout=30")) {
      assertThat(connection.isValid(5)).isTrue();
    }
    assertThat(relay.accepted()).isGreaterThan(before);
  }
}
