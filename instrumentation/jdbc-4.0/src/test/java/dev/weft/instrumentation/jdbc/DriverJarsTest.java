package dev.weft.instrumentation.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.TypeInstrumentation;
import dev.weft.dataplane.database.DatabaseExchange.Operation;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.database.DatabaseMesh;
import dev.weft.policy.snapshot.DatabaseConnections;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
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
  private static WeavingHarness harness;

  @BeforeAll
  static void weave() {
    harness =
        WeavingHarness.install(MESH.dataPlane(), MODULES.toArray(new InstrumentationModule[0]));
  }

  @AfterAll
  static void unweave() {
    harness.close();
  }

  static List<Path> jars() throws Exception {
    try (Stream<Path> all = Files.list(Path.of("target/drivers"))) {
      return all.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("jars")
  void isWovenAndFailsAsItself(Path jar) throws Exception {
    String name = jar.getFileName().toString();
    int port = ServerProcess.freePort();
    MESH.forget();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      int verified = 0;
      for (InstrumentationModule module : MODULES) {
        for (TypeInstrumentation type : module.types()) {
          for (String className : type.classNames()) {
            verified += verify(loader, className);
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
      Driver driver = (Driver) loader.loadClass(driver(name)).getConstructor().newInstance();
      Properties info = new Properties();
      info.setProperty("user", "nobody");
      info.setProperty("password", "none");
      Throwable failure = catchThrowable(() -> driver.connect(url(name, port), info));
      assertThat(failure).isInstanceOf(SQLException.class);
      assertThat(failure.getMessage()).doesNotContain("service mesh");
      assertThat(MESH.seen(Operation.CONNECT))
          .singleElement()
          .satisfies(seen -> assertThat(seen.attempts()).isEqualTo(2));
      assertThat(driver.connect("jdbc:nobody://127.0.0.1/x", info)).isNull();
    }
  }

  private static int verify(ClassLoader loader, String className) throws Exception {
    try {
      Class.forName(className, true, loader);
      return 1;
    } catch (ClassNotFoundException ofAnotherDriver) {
      return 0;
    }
  }

  private static String driver(String jar) {
    if (jar.startsWith("postgresql")) {
      return "org.postgresql.Driver";
    }
    if (jar.startsWith("mysql-connector-java")) {
      return "com.mysql.jdbc.Driver";
    }
    if (jar.startsWith("mysql")) {
      return "com.mysql.cj.jdbc.Driver";
    }
    if (jar.startsWith("mariadb")) {
      return "org.mariadb.jdbc.Driver";
    }
    if (jar.startsWith("h2")) {
      return "org.h2.Driver";
    }
    return jar.startsWith("ojdbc")
        ? "oracle.jdbc.OracleDriver"
        : "com.microsoft.sqlserver.jdbc.SQLServerDriver";
  }

  private static String url(String jar, int port) {
    String at = "127.0.0.1:" + port;
    if (jar.startsWith("postgresql")) {
      return "jdbc:postgresql://" + at + "/shop";
    }
    if (jar.startsWith("mysql")) {
      return "jdbc:mysql://" + at + "/shop";
    }
    if (jar.startsWith("mariadb")) {
      return "jdbc:mariadb://" + at + "/shop";
    }
    if (jar.startsWith("h2")) {
      return "jdbc:h2:tcp://" + at + "/mem:shop";
    }
    return jar.startsWith("ojdbc")
        ? "jdbc:oracle:thin:@//" + at + "/shop"
        : "jdbc:sqlserver://" + at + ";databaseName=shop;encrypt=false;loginTimeout=3";
  }
}
