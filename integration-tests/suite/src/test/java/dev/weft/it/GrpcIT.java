package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ByteRecorder;
import dev.weft.it.rig.ControlServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A servlet calls a service of gRPC: {@code grpc-netty-shaded} to {@code grpc-netty}. */
class GrpcIT {
  @Test
  void callsAreSecuredAndAuthorized() {
    try (ControlServer control = ControlServer.start();
        ByteRecorder recorder = ByteRecorder.open();
        App orders =
            App.of("orders")
                .main("probe.GrpcProbe")
                .mesh(control, "orders")
                .setting("labels", "tier=backend")
                .setting("service-port", String.valueOf(recorder.port()))
                .start();
        App shop = App.of("shop").mesh(control, "shop").attach().start()) {
      recorder.to(orders.port());
      control.awaitLive("orders", 1);
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
      Awaitility.await("the access log to name the caller")
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  orders.accessLog().stream()
                      .anyMatch(l -> l.contains("/test.Words/Echo") && l.contains("/sa/shop")));

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
}
