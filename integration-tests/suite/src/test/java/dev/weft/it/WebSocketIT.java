package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ByteRecorder;
import dev.weft.it.rig.ControlServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A WebSocket of a container's own, between two services of the mesh and from outside of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSocketIT {
  private ControlServer control;
  private App shop;
  private App outside;

  @BeforeAll
  void start() {
    control = ControlServer.start();
    shop = App.of("shop").mesh(control, "shop").start();
    outside = App.of("outside").start();
  }

  @AfterAll
  void end() {
    outside.close();
    shop.close();
    control.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "tomcat-nio, 9, -",
    "tomcat-nio2, 9, nio2",
    "tomcat-jakarta, 10.1, -",
    "jetty-javax, jetty-9.4, -",
    "jetty-jakarta, jetty-12, -"
  })
  void isSpokenOverMeshTlsAndRefusedInPlaintextUnderStrict(
      String service, String container, String connector) {
    try (ByteRecorder recorder = ByteRecorder.open();
        App server = server(service, container, connector, recorder.port())) {
      recorder.to(server.port());
      server.get("/"); // some tell their port with the first connection only
      control.awaitSecured(service);
      String meshed = "http://" + service + ":8080";
      String plaintext = "http://127.0.0.1:" + server.port() + "/ws";

      for (String client : new String[] {"jdk-ws", "okhttp-ws"}) {
        assertTalks(shop.call(client, meshed + "/ws"), service);
        assertTalks(outside.call(client, plaintext), service);
      }
      assertThat(recorder.connections()).as("of the mesh").isEqualTo(2);
      assertThat(recorder.onlyTls()).as("only TLS between the two").isTrue();
      server.accessLog().await("/ws", "/sa/shop");

      control.apply(strict(service));
      Awaitility.await("STRICT in force")
          .atMost(Duration.ofSeconds(10))
          .until(() -> server.get("/").status() != 200);
      String served = served(meshed);
      assertThat(outside.call("jdk-ws", plaintext).callStatus()).isNotEqualTo("101");
      assertThat(outside.call("okhttp-ws", plaintext).callStatus()).isNotEqualTo("101");
      assertThat(served(meshed)).as("conversations that the application had").isEqualTo(served);
      assertTalks(shop.call("jdk-ws", meshed + "/ws"), service);
    }
  }

  private App server(String service, String container, String connector, int port) {
    App.Builder builder =
        App.of(service)
            .container(container)
            .webSockets()
            .mesh(control, service)
            .setting("labels", "app=" + service)
            .setting("service-port", String.valueOf(port));
    if (!connector.equals("-")) {
      builder.argument(connector);
    }
    return builder.start();
  }

  private static void assertTalks(App.Answer answer, String instance) {
    assertThat(answer.callStatus()).as(answer.callError() + answer.text()).isEqualTo("101");
    assertThat(answer.text().lines())
        .containsExactly(instance + " one", instance + " large", instance + " three", "closed");
  }

  /** How many requests and conversations the application had. */
  private String served(String url) {
    return shop.call("huc", url + "/fault").text();
  }

  private static String strict(String service) {
    return """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata:
          name: %s
          namespace: default
        spec:
          selector:
            matchLabels:
              app: %s
          mtls:
            mode: STRICT
        """
        .formatted(service, service);
  }
}
