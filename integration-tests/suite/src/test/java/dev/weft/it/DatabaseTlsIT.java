package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.database.PostgresServer;
import dev.weft.instrumentation.testing.database.TlsFiles;
import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Jdk;
import dev.weft.it.rig.PemIdentity;
import dev.weft.it.rig.Rig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An application speaks to a real PostgreSQL that demands certificates, with its SVID. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseTlsIT {
  private static final String POLICY =
      """
      apiVersion: weft.dev/v1alpha1
      kind: DatabasePolicy
      metadata:
        name: shop-db
        namespace: default
      spec:
        match:
          urls: ["jdbc:postgresql:*"]
        redirect:
          hosts:
            - host: 127.0.0.1
              port: %d
              principal: cluster.local/ns/default/sa/%s
        tls:
          mode: NATIVE
      """;
  private static final String SHOWN =
      "SELECT client_serial FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  private ControlServer control;
  private PostgresServer database;
  private PostgresServer foreign;

  static Stream<Arguments> ways() {
    List<Jdk> jdks = Jdk.all();
    return Stream.concat(
        jdks.stream().skip(Rig.full() ? 0 : jdks.size() - 1).map(jdk -> Arguments.of(false, jdk)),
        Stream.of(Arguments.of(true, jdks.get(0))));
  }

  /** Both take clients of our mesh; one shows a certificate of another mesh, for the same name. */
  @BeforeAll
  void start() throws Exception {
    String missing = PostgresServer.missing();
    Assumptions.assumeTrue(missing == null, missing);
    control = ControlServer.start();
    PemIdentity own = PemIdentity.join(control, "db");
    database = PostgresServer.secured(TlsFiles.write(own.roots(), own.chain(), own.key()));
    try (ControlServer another = ControlServer.start()) {
      PemIdentity other = PemIdentity.join(another, "db");
      foreign = PostgresServer.secured(TlsFiles.write(own.roots(), other.chain(), other.key()));
    }
  }

  @AfterEach
  void endPolicy() {
    control.call("DELETE", "/v1/resources/databasepolicies/default/shop-db", null);
  }

  @AfterAll
  void stop() {
    for (AutoCloseable one : new AutoCloseable[] {foreign, database, control}) {
      close(one);
    }
  }

  private static void close(AutoCloseable one) {
    try {
      if (one != null) {
        one.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest(name = "attach {0}, {1}")
  @MethodSource("ways")
  void itsOwnDatabaseIsTrustedAndNoOther(boolean attach, Jdk jdk) {
    App.Builder how = App.of("shop").jdk(jdk).mesh(control, "shop");
    try (App shop = attach ? how.attach().start() : how.start()) {
      control.awaitLive("shop", 1);
      assertThat(ask(shop)).as("without the policy").containsEntry("state", "28000");

      control.apply(POLICY.formatted(database.port(), "db"));
      Awaitility.await("the policy in force")
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(ask(shop)).containsEntry("rows", "true"));
      assertThat(ask(shop).get("value")).as("serial of the SVID").matches("\\d+");

      refuses(shop, POLICY.formatted(database.port(), "other"), "sa/other");
      refuses(
          shop,
          POLICY.formatted(foreign.port(), "db"),
          "spiffe://cluster.local/ns/default/sa/db: ");
    }
  }

  private void refuses(App shop, String policy, String why) {
    control.apply(policy);
    Awaitility.await("the connect to be refused")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(ask(shop))
                    .hasEntrySatisfying("state", state -> assertThat(state).startsWith("08"))
                    .hasEntrySatisfying("message", text -> assertThat(text).contains(why)));
  }

  private Map<String, String> ask(App shop) {
    String url = database.url() + "?user=" + database.user();
    return shop.get("/sql?text=" + encoded(SHOWN) + "&url=" + encoded(url)).fields();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
