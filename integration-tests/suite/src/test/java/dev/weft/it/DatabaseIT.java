package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.Collector;
import dev.weft.it.rig.ControlServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A DatabasePolicy in force in a running application, on the connection that it has open. */
class DatabaseIT {
  private static final String POLICY =
      """
      apiVersion: weft.dev/v1alpha1
      kind: DatabasePolicy
      metadata:
        name: shop-db
        namespace: default
      spec:
        match:
          urls: ["jdbc:h2:mem:*"]
        statements:
          deny: [DDL]
      """;

  @ParameterizedTest(name = "attach {0}")
  @ValueSource(booleans = {false, true})
  void aPolicyHoldsFromItsApplyToItsEnd(boolean attach) {
    try (Collector collector = Collector.open();
        ControlServer control = ControlServer.start();
        App shop = shop(control, collector, attach)) {
      control.awaitLive("shop", 1);
      assertThat(sql(shop, "CREATE TABLE A (ID INT)")).containsEntry("rows", "false");

      control.apply(POLICY);
      Awaitility.await("the policy in force")
          .atMost(Duration.ofSeconds(10))
          .until(() -> sql(shop, "CREATE TABLE IF NOT EXISTS A (ID INT)").containsKey("error"));
      assertThat(sql(shop, "DROP TABLE A"))
          .containsEntry("error", "java.sql.SQLNonTransientException")
          .containsEntry("state", "42501")
          .hasEntrySatisfying("message", m -> assertThat(m).contains("shop-db"));
      assertThat(sql(shop, "INSERT INTO A VALUES (42)")).containsEntry("rows", "false");
      assertThat(sql(shop, "SELECT * FROM A WHERE ID = 42")).containsEntry("rows", "true");
      Awaitility.await("the span of the query")
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(
              () ->
                  assertThat(collector.spans())
                      .anySatisfy(
                          span -> {
                            assertThat(span.attribute("db.system.name")).isEqualTo("h2database");
                            assertThat(span.attribute("db.query.text"))
                                .isEqualTo("SELECT * FROM A WHERE ID = ?");
                          }));

      control.call("DELETE", "/v1/resources/databasepolicies/default/shop-db", null);
      Awaitility.await("the policy's end")
          .atMost(Duration.ofSeconds(10))
          .until(() -> sql(shop, "DROP TABLE A").containsKey("rows"));
    }
  }

  private static App shop(ControlServer control, Collector collector, boolean attach) {
    App.Builder builder =
        App.of("shop")
            .mesh(control, "shop")
            .environment("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
    return attach ? builder.attach().start() : builder.start();
  }

  private static Map<String, String> sql(App app, String text) {
    return app.get("/sql?text=" + URLEncoder.encode(text, StandardCharsets.UTF_8)).fields();
  }
}
