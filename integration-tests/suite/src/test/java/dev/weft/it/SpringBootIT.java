package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.SpringApp;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Spring Boot applications as they are shipped, one executable jar each: Boot 1.5 as {@code stock}
 * (Tomcat 8.5, RestTemplate over Apache HttpClient), 2.7 as {@code orders} (Tomcat 9, over
 * HttpURLConnection), 3.5 as {@code shop} (Tomcat 10.1) and 4.0 as {@code basket} (Tomcat 11), both
 * over the JDK's client. Each is called by another and calls it.
 */
class SpringBootIT {
  private static final Map<String, SpringApp> APPS = new HashMap<>();
  private static ControlServer control;

  @BeforeAll
  static void start() {
    control = ControlServer.start();
    // Spring 4.3 defines its proxies through ClassLoader.defineClass.
    List<String> opens = List.of("--add-opens=java.base/java.lang=ALL-UNNAMED");
    List<SpringApp.Starting> starting =
        List.of(
            SpringApp.start(control, "stock", "spring-boot-1", SpringApp.Name.MESH, opens),
            SpringApp.start(
                control, "orders", "spring-boot-2", SpringApp.Name.SPRING_PROPERTY, List.of()),
            SpringApp.start(
                control, "shop", "spring-boot-3", SpringApp.Name.SPRING_ENVIRONMENT, List.of()),
            SpringApp.start(control, "basket", "spring-boot-4", SpringApp.Name.MESH, List.of()));
    starting.forEach(app -> APPS.put(app.service(), app.awaitStarted()));
    APPS.keySet().forEach(service -> control.awaitLive(service, 1));
  }

  @AfterAll
  static void stop() {
    APPS.values().forEach(SpringApp::close);
    control.close();
  }

  @ParameterizedTest(name = "{0} with {1}")
  @CsvSource({"orders, shop", "shop, orders", "stock, orders", "basket, shop"})
  void callsAndServesOverMutualTls(String service, String other) {
    SpringApp app = APPS.get(service);
    SpringApp peer = APPS.get(other);
    for (int i = 0; i < 3; i++) {
      assertThat(app.call(other, "/hello"))
          .isEqualTo(new SpringApp.Answer(200, other + " said: hello from " + other));
      assertThat(peer.call(service, "/hello"))
          .isEqualTo(new SpringApp.Answer(200, service + " said: hello from " + service));
    }
    awaitPeer(peer, "/hello", service);
    awaitPeer(app, "/hello", other);
    assertThat(app.process().output()).doesNotContain("\tat ").doesNotContain(" ERROR ");
  }

  /** For people, for programs, and through the mesh. */
  @ParameterizedTest
  @CsvSource({"orders, shop", "shop, orders", "stock, orders", "basket, shop"})
  void keepsItsErrorPages(String service, String other) {
    SpringApp app = APPS.get(service);
    SpringApp.Answer page = app.get("/nothing-here", "text/html");
    assertThat(page.status()).isEqualTo(404);
    assertThat(page.text()).contains("Whitelabel Error Page");
    SpringApp.Answer json = app.get("/nothing-here", "application/json");
    assertThat(json.status()).isEqualTo(404);
    assertThat(json.text()).contains("\"status\":404", "\"path\":\"/nothing-here\"");
    assertThat(APPS.get(other).call(service, "/nothing-in-the-mesh").text())
        .contains("\"status\":404", "\"path\":\"/nothing-in-the-mesh\"");
  }

  @ParameterizedTest
  @CsvSource({"orders, shop", "shop, orders", "stock, orders", "basket, shop"})
  void strictKeepsPlaintextOut(String service, String other) {
    SpringApp app = APPS.get(service);
    assertThat(app.get("/hello", "*/*").status()).as("PERMISSIVE").isEqualTo(200);
    mode(service, "STRICT");
    Awaitility.await("STRICT in force at " + service)
        .atMost(Duration.ofSeconds(10))
        .until(() -> app.get("/hello", "*/*").status() != 200);
    for (int i = 0; i < 5; i++) {
      SpringApp.Answer refused = app.get("/hello", "*/*");
      assertThat(refused.status()).isNotEqualTo(200);
      assertThat(refused.text()).doesNotContain("hello from");
    }
    assertThat(APPS.get(other).call(service, "/hello").text())
        .as("a peer in the mesh is still served")
        .isEqualTo(service + " said: hello from " + service);
    mode(service, "PERMISSIVE");
    Awaitility.await("plaintext let in again at " + service)
        .atMost(Duration.ofSeconds(10))
        .until(() -> app.get("/hello", "*/*").status() == 200);
  }

  @ParameterizedTest
  @CsvSource({
    "orders, shop, stock",
    "shop, orders, stock",
    "stock, orders, shop",
    "basket, shop, stock"
  })
  void identityDecidesWhoMayCall(String service, String friend, String stranger) {
    SpringApp app = APPS.get(service);
    control.apply(
        """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata:
          name: NAME-for-FRIEND
          namespace: default
        spec:
          selector:
            matchLabels:
              app: NAME
          action: ALLOW
          rules:
          - from:
            - source:
                principals: ["cluster.local/ns/default/sa/FRIEND"]
            to:
            - operation:
                methods: ["GET"]
                paths: ["/hello"]
        """
            .replace("NAME", service)
            .replace("FRIEND", friend));
    try {
      Awaitility.await("strangers to be refused at " + service)
          .atMost(Duration.ofSeconds(10))
          .until(() -> app.get("/hello", "*/*").status() == 403);
      String greeting = "hello from " + service;
      assertThat(APPS.get(friend).call(service, "/hello").text()).endsWith(greeting);
      assertThat(APPS.get(stranger).call(service, "/hello").text()).doesNotContain(greeting);
      assertThat(APPS.get(friend).call(service, "/nothing-here").text())
          .as("the application's 404 must not be reached")
          .doesNotContain("\"status\":404");
    } finally {
      control.call(
          "DELETE",
          "/v1/resources/authorizationpolicies/default/" + service + "-for-" + friend,
          null);
    }
    Awaitility.await("everybody let in again at " + service)
        .atMost(Duration.ofSeconds(10))
        .until(() -> app.get("/hello", "*/*").status() == 200);
  }

  private static void mode(String service, String mode) {
    control.apply(
        """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata:
          name: NAME
          namespace: default
        spec:
          selector:
            matchLabels:
              app: NAME
          mtls:
            mode: MODE
        """
            .replace("NAME", service)
            .replace("MODE", mode));
  }

  private static void awaitPeer(SpringApp server, String path, String client) {
    String spiffeId = "spiffe://cluster.local/ns/default/sa/" + client;
    server.accessLog().await("\"inbound\"", path, spiffeId);
  }
}
