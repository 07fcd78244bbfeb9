package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An application asks another service of the mesh whom to let in, over mTLS, and fails closed. */
class ExternalAuthorizationIT {
  /** The authorizer, an application like any other, is refused in turn what is private. */
  private static final String POLICY =
      """
      apiVersion: weft.dev/v1alpha1
      kind: MeshConfig
      metadata: {name: mesh, namespace: istio-system}
      spec:
        extensionProviders:
        - name: login
          envoyExtAuthzHttp:
            service: default/authz
            port: 8080
            timeout: 5s
            pathPrefix: /check
            statusOnError: "503"
            includeRequestHeadersInCheck: [x-*]
            includeRequestBodyInCheck: {maxRequestBytes: 16}
            includeAdditionalHeadersInCheck: {x-asked-by: orders}
            headersToUpstreamOnAllow: [x-instance]
            headersToDownstreamOnAllow: [x-instance]
            headersToDownstreamOnDeny: [x-why]
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: authz}
      spec: {selector: {matchLabels: {app: authz}}, mtls: {mode: STRICT}}
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: private}
      spec:
        selector: {matchLabels: {app: authz}}
        action: DENY
        rules: [{to: [{operation: {paths: ["/check/private"]}}]}]
      ---
      apiVersion: security.istio.io/v1beta1
      kind: AuthorizationPolicy
      metadata: {name: ask}
      spec:
        selector: {matchLabels: {app: orders}}
        action: CUSTOM
        provider: {name: login}
        rules: [{to: [{operation: {paths: ["/private", "/open"]}}]}]
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: seen}
      spec: {selector: {matchLabels: {app: orders}}, action: AUDIT, rules: [{}]}
      """;

  @Test
  void aServiceOfTheMeshDecidesAndWithoutItNobodyEnters() throws IOException {
    try (ControlServer control = ControlServer.start();
        App authz = App.of("authz").mesh(control, "authz").start();
        App orders = App.of("orders").mesh(control, "orders").start()) {
      control.awaitLive("authz", 1);
      control.awaitLive("orders", 1);
      assertThat(orders.get("/private").status()).isEqualTo(200);
      control.apply(POLICY);
      Awaitility.await("the policies in force")
          .atMost(Duration.ofSeconds(10))
          .until(() -> orders.get("/private").status() == 403 && authz.get("/").status() != 200);

      assertThat(orders.get("/private").text()).isEqualTo("RBAC: access denied");
      App.Answer open = orders.get("/open?a=b");
      assertThat(open.status()).isEqualTo(200);
      assertThat(open.fields()).containsEntry("header.x-instance", "authz");
      assertThat(instance(orders, "/open")).isEqualTo("authz");
      assertThat(instance(orders, "/free")).as("nobody is asked").isEqualTo("orders");
      assertThat(authz.accessLog().lines("/check/open?a=b", "/sa/orders")).isNotEmpty();
      orders.accessLog().await("/open?a=b", "\"audit\":\"default/seen\"");

      HttpURLConnection shown = post(orders, "/open", 16);
      assertThat(shown.getResponseCode()).isEqualTo(200);
      assertThat(new String(shown.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .as("what the authorizer was shown, the application reads all the same")
          .contains("body=16\n");
      assertThat(post(orders, "/open", 17).getResponseCode()).isEqualTo(413);
      assertThat(post(orders, "/free", 17).getResponseCode()).isEqualTo(200);

      authz.kill();
      assertThat(orders.get("/open").status()).isEqualTo(503);
      assertThat(orders.get("/free").status()).isEqualTo(200);
    }
  }

  private static HttpURLConnection post(App app, String path, int bytes) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + app.port() + path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setDoOutput(true);
    connection.getOutputStream().write(new byte[bytes]);
    return connection;
  }

  /** Who answers, by a header that the application sets itself. */
  private static String instance(App app, String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + app.port() + path);
    return uri.toURL().openConnection().getHeaderField("x-instance");
  }
}
