package dev.weft.instrumentation.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.TypeInstrumentation;
import dev.weft.dataplane.database.DatabaseExchange.Operation;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.database.DatabaseMesh;
import dev.weft.instrumentation.testing.database.RefusingPort;
import dev.weft.policy.snapshot.DatabaseConnections;
import dev.weft.policy.snapshot.DatabaseTls;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Drivers of every age, side by side: woven without a format error, verified, and their failure to
 * reach a server is their own.
 */
@Timeout(60)
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class DriverJarsTest {
  private static final List<InstrumentationModule> MODULES = JdbcContract.all();
  private static final DatabaseMesh MESH = new DatabaseMesh();
  private static final Set<String> WITHOUT_NATIVE =
      Set.of(
          "mariadb-java-client-1.1.7",
          "postgresql-9.4.1212",
          "postgresql-9.2-1002-jdbc4",
          "postgresql-9.1-901.jdbc3",
          "postgresql-8.4-702.jdbc4",
          "h2-1.4.200",
          "ojdbc8-19.3.0.0",
          "ojdbc8-23.9.0.25.07",
          "mssql-jdbc-6.1.0.jre8",
          "mssql-jdbc-13.2.1.jre8");
  private static WeavingHarness harness;

  @BeforeAll
  static void weave() {
    MESH.enrol("caller");
    harness =
        WeavingHarness.install(MESH.dataPlane(), MODULES.toArray(new InstrumentationModule[0]));
  }

  @AfterAll
  static void unweave() {
    harness.close();
  }

  static List<Path> jars() throws Exception {
    return DriverJar.all();
  }

  @ParameterizedTest
  @MethodSource("jars")
  void isWovenAndFailsAsItself(Path jar) throws Exception {
    MESH.forget();
    try (DriverJar loaded = DriverJar.of(jar);
        RefusingPort refusing = RefusingPort.open()) {
      int verified = 0;
      for (InstrumentationModule module : MODULES) {
        for (TypeInstrumentation type : module.types()) {
          for (String className : type.classNames()) {
            verified += verify(loaded.loader(), className);
          }
        }
      }
      assertThat(verified).isGreaterThan(3);
      assertThat(harness.report())
          .filteredOn(e -> !e.state().equals("not-seen"))
          .isNotEmpty()
          .allSatisfy(e -> assertThat(e.state()).as(e.toString()).isEqualTo("applied"));

      MESH.govern(
          p -> p.connections(DatabaseConnections.builder().retries(1).backoffMillis(1).build()));
      Driver driver = loaded.driver();
      String url = url(DriverJar.artifact(jar), refusing.port());
      Properties info = new Properties();
      info.setProperty("user", "nobody");
      info.setProperty("password", "none");
      Throwable failure = catchThrowable(() -> driver.connect(url, info));
      assertThat(failure).isInstanceOf(SQLException.class);
      assertThat(failure.getMessage()).doesNotContain("service mesh");
      assertThat(MESH.seen(Operation.CONNECT))
          .singleElement()
          .satisfies(seen -> assertThat(seen.attempts()).isEqualTo(2));
      assertThat(driver.connect("jdbc:nobody://127.0.0.1/x", info)).isNull();

      MESH.govern(p -> p.tls(DatabaseTls.NATIVE));
      assertThatThrownBy(() -> driver.connect(url, info))
          .isInstanceOf(SQLException.class)
          .satisfies(
              refused ->
                  assertThat(refused.getMessage().contains("TLS NATIVE is not to be had"))
                      .isEqualTo(WITHOUT_NATIVE.contains(name(jar))));
    }
  }

  private static String name(Path jar) {
    return jar.getFileName().toString().replace(".jar", "");
  }

  private static int verify(ClassLoader loader, String className) throws Exception {
    try {
      Class.forName(className, true, loader);
      return 1;
    } catch (ClassNotFoundException ofAnotherDriver) {
      return 0;
    }
  }

  private static String url(String artifact, int port) {
    String at = "127.0.0.1:" + port;
    return switch (artifact) {
      case "postgresql" -> "jdbc:postgresql://" + at + "/shop";
      case "mariadb-java-client" -> "jdbc:mariadb://" + at + "/shop";
      case "h2" -> "jdbc:h2:tcp://" + at + "/mem:shop";
      case "ojdbc8" -> "jdbc:oracle:thin:@//" + at + "/shop";
      case "mssql-jdbc" ->
          "jdbc:sqlserver://" + at + ";databaseName=shop;encrypt=false;loginTimeout=3";
      default -> "jdbc:mysql://" + at + "/shop";
    };
  }
}
