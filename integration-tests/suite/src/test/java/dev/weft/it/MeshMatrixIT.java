package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ByteRecorder;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Jdk;
import dev.weft.it.rig.Rig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every client against each container and JDK, started with the agent, and attached to when its
 * clients have been in use.
 */
class MeshMatrixIT {
  private static final List<String> CLIENTS =
      List.of("huc", "apache", "jdk", "jdk-async", "jdk-h2");

  /**
   * Clients that are in one column by default, as the runs of their units are what tells them
   * apart.
   */
  private static final List<String> FURTHER =
      List.of(
          "apache4-0",
          "apache4-async",
          "apache5",
          "apache5-async",
          "okhttp",
          "okhttp-enqueue",
          "reactor-netty",
          "async-http-client");

  /** Of all rows, each with services of its own. */
  private static ControlServer control;

  private static int row;

  @BeforeAll
  static void start() {
    control = ControlServer.start();
  }

  @AfterAll
  static void stop() {
    control.close();
  }

  private static List<String> clients(String container) {
    List<String> all = new ArrayList<>(CLIENTS);
    if (Rig.full() || container.equals("9") || container.endsWith("-lowest")) {
      all.addAll(FURTHER);
    }
    if (container.endsWith("-lowest")) {
      all.remove("apache4-async"); // it needs a later HttpClient than the lowest
    }
    return all;
  }

  static Stream<Arguments> combinations() {
    return Rig.full() ? all() : pairs();
  }

  private static Stream<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (Jdk jdk : Jdk.all()) {
      for (String container :
          List.of("8.5-lowest", "8.5", "9", "10.1", "11", "jetty-9.4", "jetty-12")) {
        for (boolean attach : new boolean[] {false, true}) {
          all.add(Arguments.of(jdk, container, attach));
        }
      }
    }
    return all.stream();
  }

  /**
   * Each JDK with each of both Tomcats, and each of these four with one way to start such that each
   * JDK and each Tomcat has both ways: docs/adr/0280.
   */
  private static Stream<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    boolean attach = false;
    for (Jdk jdk : Jdk.all()) {
      pairs.add(Arguments.of(jdk, "9", attach));
      pairs.add(Arguments.of(jdk, "10.1", !attach));
      pairs.add(Arguments.of(jdk, "8.5-lowest", !attach));
      attach = !attach;
    }
    pairs.add(Arguments.of(Jdk.current(), "jetty-9.4", false));
    pairs.add(Arguments.of(Jdk.current(), "jetty-12", true));
    return pairs.stream();
  }

  @ParameterizedTest(name = "{0}, {1}, attach {2}")
  @MethodSource("combinations")
  void everyClientSpeaksMutualTls(Jdk jdk, String container, boolean attach) {
    String service = "orders-" + ++row;
    String caller = "shop-" + row;
    try (ByteRecorder recorder = ByteRecorder.open();
        App orders = instance(service, jdk, container, attach, recorder.port());
        App shop = instance(caller, jdk, container, attach, 0)) {
      recorder.to(orders.port());
      control.awaitLive(service, 1);
      control.awaitLive(caller, 1);
      List<String> clients = clients(container);
      for (String client : clients) {
        for (int i = 0; i < 3; i++) {
          String url = "http://" + service + ":8080/hello/" + client + i + "?q=1";
          App.Answer answer = shop.call(client, url);
          assertThat(answer.callError()).as(client).isNull();
          assertThat(answer.callStatus()).as(client + " " + answer.text()).isEqualTo("200");
          assertThat(answer.fields())
              .as(client)
              .containsEntry("instance", service)
              .containsEntry("uri", "/hello/" + client + i)
              .containsEntry("query", "q=1")
              .containsEntry("header.host", service + ":8080")
              .containsEntry("scheme", "http")
              .containsEntry("secure", "false");
        }
        orders
            .accessLog()
            .await("/hello/" + client + "2", "spiffe://cluster.local/ns/default/sa/" + caller);
      }
      assertThat(recorder.connections()).isPositive();
      assertThat(recorder.onlyTls()).as("only TLS between the two").isTrue();
      assertThat(recorder.saw("/hello/")).as("a path readable on the wire").isFalse();

      // A client without agent: let in under PERMISSIVE, nothing under STRICT.
      assertThat(orders.get("/plain").status()).isEqualTo(200);
      String served = orders.get("/fault").text();
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
                row: SERVICE
            mtls:
              mode: STRICT
          """
              .replace("SERVICE", service));
      Awaitility.await("STRICT in force")
          .atMost(Duration.ofSeconds(5))
          .until(() -> orders.get("/fault").status() != 200);
      for (int i = 0; i < 5; i++) {
        App.Answer refused = orders.get("/plain");
        assertThat(refused.status()).isNotEqualTo(200);
        assertThat(refused.text()).doesNotContain("instance=");
      }
      for (String client : clients) {
        App.Answer answer = shop.call(client, "http://" + service + "/strict");
        assertThat(answer.callStatus()).as(client + " under STRICT").isEqualTo("200");
      }
      assertThat(shop.call("huc", "http://" + service + "/fault").text())
          .isEqualTo(count(served, clients.size()));
      Rig.figure(
          "matrix %s %s %s: %d clients over mTLS, %d connections, 0 plaintext",
          jdk, container, attach ? "attach" : "-javaagent", clients.size(), recorder.connections());
    }
  }

  private static String count(String served, int more) {
    return "served=" + (Integer.parseInt(served.substring("served=".length())) + more);
  }

  private static App instance(String service, Jdk jdk, String container, boolean attach, int port) {
    App.Builder builder =
        App.of(service)
            .jdk(jdk)
            .container(container)
            .mesh(control, service)
            .setting("labels", "row=" + service);
    if (port > 0) {
      builder.setting("service-port", String.valueOf(port));
    }
    if (attach) {
      builder.attachAfter(app -> app.callItself(clients(container)));
    }
    App app = builder.start();
    if (attach && container.startsWith("jetty-")) {
      // An idle Jetty tells its port with the first request that the agent sees.
      Awaitility.await("a request that the agent sees")
          .until(
              () ->
                  app.get("/first").status() == 200 && !app.accessLog().lines("/first").isEmpty());
    }
    return app;
  }
}
