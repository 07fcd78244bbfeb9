package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ByteRecorder;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 over mTLS to a Tomcat whose application configured {@code h2c} on its plaintext port. */
class Http2IT {
  private static final String CALLER = "spiffe://cluster.local/ns/default/sa/shop";
  private static final String POLICY =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata:
        name: no-admin
      spec:
        selector:
          matchLabels:
            app: orders
        action: DENY
        rules:
        - to:
          - operation:
              paths: ["/admin"]
      """;
  private static final String LIMIT =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: orders
      spec:
        host: orders
        trafficPolicy:
          connectionPool:
            http:
              maxRequestsPerConnection: 1
      """;
  private static final String STRICT =
      """
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata:
        name: default
        namespace: default
      spec:
        selector:
          matchLabels:
            app: orders
        mtls:
          mode: STRICT
      """;

  static List<String> tomcats() {
    return Rig.full() ? List.of("8.5", "9", "10.1", "11") : List.of("10.1");
  }

  @ParameterizedTest(name = "Tomcat {0}")
  @MethodSource("tomcats")
  void theMeshSpeaksWhatTheApplicationConfigured(String tomcat) throws Exception {
    try (ControlServer control = ControlServer.start();
        ByteRecorder recorder = ByteRecorder.open();
        App orders =
            App.of("orders")
                .tomcat(tomcat)
                .mesh(control, "orders")
                .setting("labels", "app=orders")
                .setting("service-port", String.valueOf(recorder.port()))
                .argument("h2c")
                .start();
        App stock = App.of("stock").tomcat(tomcat).mesh(control, "stock").start();
        App shop = App.of("shop").tomcat(tomcat).mesh(control, "shop").start()) {
      recorder.to(orders.port());
      for (String service : List.of("orders", "stock", "shop")) {
        control.awaitLive(service, 1);
      }

      for (int i = 0; i < 20; i++) {
        App.Answer answer = shop.call("jdk-h2", "http://orders:8080/hello?n=" + i);
        assertThat(answer.callStatus()).as(answer.callError() + answer.text()).isEqualTo("200");
        assertThat(answer.fields())
            .containsEntry("protocol", "HTTP/2.0")
            .containsEntry("scheme", "http")
            .containsEntry("secure", "false")
            .containsEntry("query", "n=" + i);
      }
      assertThat(recorder.connections()).as("connections for 20 calls").isEqualTo(1);
      assertThat(recorder.onlyTls()).isTrue();
      assertThat(stock.process().alive()).isTrue();
      assertThat(shop.call("jdk", "http://orders/hello").fields())
          .containsEntry("protocol", "HTTP/1.1");
      assertThat(shop.call("jdk-h2", "http://stock/hello").fields())
          .as("a server that knows no HTTP/2")
          .containsEntry("protocol", "HTTP/1.1");
      orders.accessLog().await(CALLER);

      control.apply(POLICY);
      Awaitility.await("the policy to be in force")
          .atMost(Duration.ofSeconds(5))
          .until(() -> "403".equals(shop.call("jdk-h2", "http://orders/admin").callStatus()));
      String served = orders.get("/fault").text();
      assertThat(shop.call("jdk-h2", "http://orders/admin").callStatus()).isEqualTo("403");
      assertThat(orders.get("/fault").text()).as("denied before the application").isEqualTo(served);

      control.apply(LIMIT);
      Awaitility.await("HTTP/1.1, in which a connection can be ended")
          .atMost(Duration.ofSeconds(5))
          .until(
              () ->
                  "HTTP/1.1"
                      .equals(shop.call("jdk-h2", "http://orders/hello").fields().get("protocol")));
      int connections = recorder.connections();
      for (int i = 0; i < 3; i++) {
        assertThat(shop.call("jdk-h2", "http://orders/hello").callStatus()).isEqualTo("200");
      }
      assertThat(recorder.connections() - connections).as("connections for 3 calls").isEqualTo(3);
      control.apply(LIMIT.replace("Connection: 1", "Connection: 0"));
      Awaitility.await("HTTP/2 again")
          .atMost(Duration.ofSeconds(5))
          .until(
              () ->
                  "HTTP/2.0"
                      .equals(shop.call("jdk-h2", "http://orders/hello").fields().get("protocol")));

      HttpResponse<String> plaintext = plaintext(orders);
      assertThat(plaintext.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(plaintext.body()).contains("protocol=HTTP/2.0");

      control.apply(STRICT);
      Awaitility.await("STRICT in force")
          .atMost(Duration.ofSeconds(5))
          .until(() -> orders.get("/fault").status() != 200);
      assertThatThrownBy(() -> plaintext(orders)).isInstanceOf(IOException.class);
      assertThat(priorKnowledge(orders)).as("what the server said to h2c").isEmpty();
      assertThat(shop.call("jdk-h2", "http://orders/hello").fields())
          .containsEntry("protocol", "HTTP/2.0");
    }
  }

  @ParameterizedTest(name = "Tomcat {0}")
  @MethodSource("tomcats")
  void theLiveConnectionOfAWithdrawnCallerEnds(String tomcat) {
    try (ControlServer control = ControlServer.start();
        ByteRecorder recorder = ByteRecorder.open();
        App orders =
            App.of("orders")
                .tomcat(tomcat)
                .mesh(control, "orders")
                .setting("service-port", String.valueOf(recorder.port()))
                .argument("h2c")
                .start();
        App shop = App.of("shop").tomcat(tomcat).mesh(control, "shop").start()) {
      recorder.to(orders.port());
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      assertThat(shop.call("jdk-h2", "http://orders/hello").callStatus()).isEqualTo("200");
      assertThat(recorder.open(1)).isTrue();
      var answer =
          control.call(
              "POST",
              "/v1/identities/withdraw",
              "{\"spiffeId\":\"" + CALLER + "\",\"reason\":\"test\"}");
      assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
      long start = System.nanoTime();
      Awaitility.await("the HTTP/2 connection to end")
          .atMost(Duration.ofSeconds(5))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !recorder.open(1));
      Rig.figure(
          "withdrawn, Tomcat %s: HTTP/2 connection ended after %.0f ms",
          tomcat, (System.nanoTime() - start) / 1e6);
      String served = orders.get("/fault").text();
      for (int i = 0; i < 3; i++) {
        assertThat(shop.call("jdk-h2", "http://orders/after").callStatus()).isNotEqualTo("200");
      }
      assertThat(orders.get("/fault").text()).isEqualTo(served);
    }
  }

  private static HttpResponse<String> plaintext(App server)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/plain");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] priorKnowledge(App server) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(5000);
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().readAllBytes();
    } catch (java.net.SocketException e) {
      return new byte[0];
    }
  }
}
