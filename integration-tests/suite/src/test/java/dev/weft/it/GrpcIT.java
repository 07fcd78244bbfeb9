package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ByteRecorder;
import dev.weft.it.rig.ControlServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A servlet calls a service of gRPC. The one has {@code grpc-netty} and the other {@code
 * grpc-netty-shaded}; the one has the agent from the start, the other is attached to while in use.
 */
class GrpcIT {
  @ParameterizedTest(name = "client {0}, attached to {1}")
  @CsvSource({"shaded, true", "plain, false"})
  void callsAreSecuredAndAuthorized(String client, boolean attachToCaller) {
    try (ControlServer control = ControlServer.start();
        ByteRecorder recorder = ByteRecorder.open();
        App orders = orders(control, recorder.port(), client.equals("plain"), !attachToCaller);
        App shop = shop(control, client, attachToCaller ? orders : null)) {
      recorder.to(orders.port());
      if (!attachToCaller) {
        // Attached to while nobody connects, it shows its port to the first who does.
        orders.get("/");
      }
      control.awaitSecured("orders");
      control.awaitLive("shop", 1);
      for (int i = 0; i < 5; i++) {
        App.Answer answer = shop.call("grpc", "http://orders:8080/test.Words/Echo");
        assertThat(answer.callStatus()).as(answer.text()).isEqualTo("200");
        assertThat(answer.fields())
            .containsEntry("instance", "orders")
            .containsEntry("method", "test.Words/Echo")
            .containsEntry("authority", "orders:8080");
      }
      assertThat(recorder.connections()).isOne();
      assertThat(recorder.onlyTls()).as("only TLS between the two").isTrue();
      orders.accessLog().await("/test.Words/Echo", "/sa/shop");

      control.apply(
          """
          apiVersion: security.istio.io/v1
          kind: AuthorizationPolicy
          metadata:
            name: no-secrets
            namespace: default
          spec:
            selector:
              matchLabels:
                tier: backend
            action: DENY
            rules:
            - to:
              - operation:
                  methods: ["POST"]
                  paths: ["/test.Words/Secret"]
          """);
      Awaitility.await("PERMISSION_DENIED")
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> {
                App.Answer denied = shop.call("grpc", "http://orders:8080/test.Words/Secret");
                assertThat(denied.callStatus()).as(denied.text()).isEqualTo("7");
                assertThat(denied.text()).contains("RBAC: access denied");
              });
      assertThat(shop.call("grpc", "http://orders:8080/test.Words/Echo").callStatus())
          .isEqualTo("200");
    }
  }

  private static App orders(ControlServer control, int port, boolean shaded, boolean attach) {
    App.Builder builder =
        App.of("orders")
            .main("probe.GrpcProbe")
            .jvm("-Dprobe.grpc=" + (shaded ? "shaded" : "plain"))
            .mesh(control, "orders")
            .setting("labels", "tier=backend")
            .setting("service-port", String.valueOf(port));
    if (attach) {
      try (App caller = App.of("caller").start()) {
        builder.attachAfter(
            app -> assertThat(caller.call("grpc", url(app)).callStatus()).isEqualTo("200"));
        return builder.start();
      }
    }
    return builder.start();
  }

  /** Attached to when it has called an instance, outside of the mesh; from the start without. */
  private static App shop(ControlServer control, String client, App called) {
    App.Builder builder = App.of("shop").jvm("-Dprobe.grpc=" + client).mesh(control, "shop");
    if (called != null) {
      builder.attachAfter(
          app -> assertThat(app.call("grpc", url(called)).callStatus()).isEqualTo("200"));
    }
    return builder.start();
  }

  private static String url(App called) {
    return "http://127.0.0.1:" + called.port() + "/test.Words/Before";
  }
}
