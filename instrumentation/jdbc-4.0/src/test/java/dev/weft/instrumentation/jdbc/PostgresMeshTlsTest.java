package dev.weft.instrumentation.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.database.DatabaseMesh;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIf;

/** Mesh mTLS around the connection to a real PostgreSQL. */
@Timeout(60)
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class PostgresMeshTlsTest {
  private static final DatabaseMesh MESH = new DatabaseMesh();
  private static PostgresServer database;
  private static MeshRelay relay;
  private static WeavingHarness harness;

  @BeforeAll
  static void start() throws Exception {
    String missing = PostgresServer.missing();
    Assumptions.assumeTrue(missing == null, missing);
    database = new PostgresServer();
    relay = new MeshRelay(MESH.authority().serverContext("db"), database.port());
    MESH.enrol("caller");
    harness =
        WeavingHarness.install(
            MESH.dataPlane(), JdbcContract.all().toArray(new InstrumentationModule[0]));
  }

  @AfterAll
  static void stop() throws Exception {
    if (harness != null) {
      harness.close();
      relay.close();
      database.close();
    }
  }

  private static void require(String spiffeId, DatabaseTls tls) {
    DatabaseHost host =
        DatabaseHost.builder().address("127.0.0.1").port(relay.port()).spiffeId(spiffeId).build();
    MESH.govern(p -> p.tls(tls).redirect(DatabaseRedirect.builder().hosts(List.of(host)).build()));
  }

  private static Connection connect(String parameters) throws SQLException {
    return DriverManager.getConnection(
        database.url("db.invalid", 1) + parameters, database.user(), "");
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
  void nativeTlsIsRefusedRatherThanLeftOut() {
    require(TestAuthority.spiffeId("db"), DatabaseTls.NATIVE);
    assertThatThrownBy(() -> connect(""))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("TLS NATIVE");
  }
}
