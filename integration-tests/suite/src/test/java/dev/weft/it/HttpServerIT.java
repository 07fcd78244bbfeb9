package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ByteRecorder;
import dev.weft.it.rig.ControlServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An application on a server without servlets: that of the Java runtime, Reactor Netty, Undertow.
 */
class HttpServerIT {
  private static ControlServer control;
  private static App shop;

  @BeforeAll
  static void start() {
    control = ControlServer.start();
    shop = App.of("shop").mesh(control, "shop").start();
    control.awaitLive("shop", 1);
  }

  @AfterAll
  static void stop() {
    shop.close();
    control.close();
  }

  @ParameterizedTest(name = "{0}, attach {1}")
  @CsvSource({
    "HttpServer, false",
    "HttpServer, true",
    "ReactorNetty, false",
    "ReactorNetty, true",
    "Undertow, false",
    "Undertow, true",
  })
  void servesTheMeshOnItsOwnPort(String server, boolean attach) {
    String service = server.toLowerCase(Locale.ROOT) + (attach ? "-attached" : "");
    try (ByteRecorder recorder = ByteRecorder.open();
        App orders = orders(service, server, recorder.port(), attach)) {
      recorder.to(orders.port());
      // Attached to while idle, it tells its port with the first connection.
      assertThat(orders.statusOnNewConnection("/first")).isEqualTo(200);
      control.awaitLive(service, 1);
      control.awaitSecured(service);
      for (String client : List.of("huc", "apache", "jdk", "okhttp")) {
        App.Answer answer = shop.call(client, "http://" + service + ":8080/hello/" + client);
        assertThat(answer.callStatus()).as(client + " " + answer.text()).isEqualTo("200");
        assertThat(answer.fields())
            .containsEntry("instance", service)
            .containsEntry("uri", "/hello/" + client)
            .containsEntry("header.host", service + ":8080");
        orders.accessLog().await("/hello/" + client, "/sa/shop");
      }
      assertThat(recorder.connections()).isPositive();
      assertThat(recorder.onlyTls()).as("only TLS between the two").isTrue();

      assertThat(orders.get("/plain").status()).isEqualTo(200);
      control.apply(
          """
          apiVersion: security.istio.io/v1
          kind: PeerAuthentication
          metadata:
            name: SERVICE
            namespace: default
          spec:
            selector:
              matchLabels:
                app: SERVICE
            mtls:
              mode: STRICT
          """
              .replace("SERVICE", service));
      Awaitility.await("STRICT in force")
          .atMost(Duration.ofSeconds(10))
          .until(() -> orders.get("/plain").status() != 200);
      assertThat(orders.get("/plain").text()).doesNotContain("instance=");
      assertThat(shop.call("huc", "http://" + service + "/strict").callStatus()).isEqualTo("200");
    }
  }

  private static App orders(String service, String server, int port, boolean attach) {
    App.Builder builder =
        App.of(service)
            .main("probe." + server + "Probe")
            .mesh(control, service)
            .setting("labels", "app=" + service)
            .setting("service-port", String.valueOf(port));
    if (attach) {
      builder.attachAfter(app -> assertThat(app.get("/before").status()).isEqualTo(200));
    }
    return builder.start();
  }
}
