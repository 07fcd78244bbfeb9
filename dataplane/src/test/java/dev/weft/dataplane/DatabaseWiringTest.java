package dev.weft.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.database.ConnectAttempt;
import dev.weft.dataplane.database.ConnectCall;
import dev.weft.dataplane.database.DatabaseAddress;
import dev.weft.dataplane.database.DatabaseFailure;
import dev.weft.dataplane.database.DatabaseRejection;
import dev.weft.dataplane.database.DatabaseSession;
import dev.weft.dataplane.database.StatementCall;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.dataplane.telemetry.TelemetryConfig;
import dev.weft.policy.snapshot.DatabaseConnections;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseStatements;
import dev.weft.policy.snapshot.Snapshot;
import java.net.InetAddress;
import java.net.URI;
import java.util.Collections;
import java.util.Scanner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What reaches databases and telemetry through a whole data plane. */
class DatabaseWiringTest {
  private static final DatabaseAddress ORDERS =
      DatabaseAddress.of("mysql", "jdbc:mysql://DB/orders?password=s3cret", "DB", 3306, "orders");

  private final Telemetry telemetry = Telemetry.create();
  private final DataPlane dataPlane =
      DataPlane.builder().parker(nanos -> {}).telemetry(telemetry, "shop").build();

  @AfterEach
  void close() {
    telemetry.close();
  }

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(DatabaseRejection rejection) {
      super(rejection.message());
    }
  }

  private final class Call implements ConnectCall<String>, StatementCall<String> {
    private int failures;

    Call(int failures) {
      this.failures = failures;
    }

    @Override
    public String connect(ConnectAttempt attempt) {
      if (failures-- > 0) {
        throw new IllegalStateException("away");
      }
      return "connected";
    }

    @Override
    public String execute(long timeoutMillis) {
      return "done";
    }

    @Override
    public DatabaseFailure sign(Throwable failure) {
      return DatabaseFailure.of(DatabaseFailure.Kind.CONNECTION, null, 0);
    }

    @Override
    public Exception refused(DatabaseRejection rejection) {
      return new Refused(rejection);
    }
  }

  private static Snapshot snapshot(long version, DatabaseStatements statements) {
    return Snapshot.builder()
        .version(version)
        .databases(
            Collections.singletonList(
                DatabasePolicy.builder()
                    .name("db")
                    .namespace("shop")
                    .urls(Collections.singletonList("jdbc:mysql://db/orders"))
                    .connections(DatabaseConnections.builder().retries(1).build())
                    .statements(statements)
                    .build()))
        .build();
  }

  private String scrape() throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + telemetry.metricsPort() + "/metrics");
    try (Scanner text = new Scanner(metrics.toURL().openStream(), "UTF-8").useDelimiter("\\A")) {
      return text.next();
    }
  }

  @Test
  void aSnapshotGovernsAndWhatHappensIsCounted() throws Exception {
    telemetry.start(
        TelemetryConfig.builder("shop", "shop")
            .metrics(InetAddress.getLoopbackAddress().getHostAddress(), 0)
            .build());
    dataPlane
        .snapshots()
        .apply(snapshot(1, DatabaseStatements.builder().readOnly(true).slowMillis(0).build()));
    DatabaseSession session = dataPlane.databases().session(ORDERS);
    assertThat(dataPlane.databases().connect(session, new Call(1))).isEqualTo("connected");
    assertThat(dataPlane.databases().execute(session, "SELECT 1 FROM t", new Call(0)))
        .isEqualTo("done");
    assertThatThrownBy(() -> dataPlane.databases().execute(session, "DELETE FROM t", new Call(0)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("shop/db");
    assertThat(scrape())
        .contains("weft_database_retries_total{database=\"mysql://db:3306/orders\"} 1\n")
        .contains("operation=\"SELECT\",error=\"\"} 1\n")
        .contains("stage=\"GUARD\",policy=\"shop/db\"} 1\n")
        .contains(
            "weft_database_connect_duration_seconds_count{database=\"mysql://db:3306/orders\","
                + "error=\"\"} 1\n")
        .doesNotContain("s3cret");
    assertThat(dataPlane.observerFailures()).isZero();
  }

  @Test
  void aPolicyThatCannotBeUnderstoodRefusesTheSnapshotAndTheFormerStays() throws Exception {
    DatabaseStatements denied =
        DatabaseStatements.builder().denied(Collections.singletonList("DROP")).build();
    dataPlane.snapshots().apply(snapshot(1, denied));
    DatabaseStatements unknown =
        DatabaseStatements.builder().denied(Collections.singletonList("FROB")).build();
    assertThatThrownBy(() -> dataPlane.snapshots().apply(snapshot(2, unknown)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(dataPlane.snapshots().current().document().version).isEqualTo(1);
    DatabaseSession session = dataPlane.databases().session(ORDERS);
    assertThatThrownBy(() -> dataPlane.databases().execute(session, "DROP TABLE t", new Call(0)))
        .isInstanceOf(Refused.class);
  }
}
