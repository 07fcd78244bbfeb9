package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who may call what, by identity, path and token; denied requests never reach the application. */
class AuthorizationIT {
  private static final String ONLY_SHOP =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata:
        name: only-shop
      spec:
        selector:
          matchLabels:
            app: orders
        action: ALLOW
        rules:
        - from:
          - source:
              principals: ["cluster.local/ns/default/sa/shop"]
      ---
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
              paths: ["/admin", "/admin/*"]
      """;

  private static final String ONLY_ANN =
      """
      apiVersion: security.istio.io/v1
      kind: RequestAuthentication
      metadata: {name: users}
      spec:
        selector: {matchLabels: {app: orders}}
        jwtRules:
        - issuer: https://users.example
          jwks: '{"keys":[{"kty":"RSA","kid":"a","n":"%s","e":"%s"}]}'
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: ann}
      spec:
        selector: {matchLabels: {app: orders}}
        rules:
        - from: [{source: {requestPrincipals: ["https://users.example/ann"]}}]
      """;

  @Test
  void identityAndPathDecide() {
    try (ControlServer control = ControlServer.start();
        App orders =
            App.of("orders").mesh(control, "orders").setting("labels", "app=orders").start();
        App shop = App.of("shop").mesh(control, "shop").start();
        App other = App.of("other").mesh(control, "other").start()) {
      for (String service : List.of("orders", "shop", "other")) {
        control.awaitLive(service, 1);
      }
      assertThat(other.call("huc", "http://orders/x").callStatus()).isEqualTo("200");
      control.apply(ONLY_SHOP);
      Awaitility.await("the other caller to be refused")
          .atMost(Duration.ofSeconds(5))
          .until(() -> "403".equals(other.call("huc", "http://orders/x").callStatus()));
      for (String client : List.of("huc", "apache", "jdk", "jdk-async", "jdk-h2")) {
        assertThat(servedBy(other, client, "http://orders/x")).as(client).isEqualTo("403");
        assertThat(servedBy(shop, client, "http://orders/x")).as(client).isEqualTo("200");
        for (String path :
            List.of("/admin", "/admin/users", "//admin/users", "/x/../admin/users", "/%61dmin/u")) {
          assertThat(servedBy(shop, client, "http://orders" + path))
              .as(client + " " + path)
              .isIn("403", "400");
        }
        assertThat(servedBy(shop, client, "http://orders/adminx")).as(client).isEqualTo("200");
      }
      assertThat(orders.get("/x").status()).isEqualTo(403);
      aTokenLetsInToo(control, orders);
      assertThat(orders.process().output()).doesNotContain("\tat ");
    }
  }

  private static final String ONLY_FRONT =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: only-front}
      spec:
        selector: {matchLabels: {app: orders}}
        rules:
        - when:
          - {key: connection.sni, values: [front.shop]}
          - {key: destination.ip, values: [127.0.0.0/8]}
      """;

  private static final String ASK_FOR =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders}
      spec:
        host: orders
        trafficPolicy:
          tls: {mode: ISTIO_MUTUAL, sni: %s}
      """;

  @Test
  void theServerNameThatARuleGivesIsAskedForAndDemanded() {
    try (ControlServer control = ControlServer.start();
        App orders =
            App.of("orders").mesh(control, "orders").setting("labels", "app=orders").start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      for (String service : List.of("orders", "shop")) {
        control.awaitLive(service, 1);
      }
      List<String> clients = List.of("huc", "apache", "jdk", "jdk-async", "jdk-h2");
      control.apply(ONLY_FRONT);
      for (String name : List.of("", "front.shop", "back.shop", "front.shop")) {
        if (!name.isEmpty()) {
          control.apply(ASK_FOR.formatted(name));
        }
        String expected = name.equals("front.shop") ? "200" : "403";
        for (String client : clients) {
          Awaitility.await(client + " asks for " + name)
              .atMost(Duration.ofSeconds(5))
              .until(() -> expected.equals(servedBy(shop, client, "http://orders/x")));
        }
        for (int i = 0; i < 3; i++) {
          for (String client : clients) {
            assertThat(servedBy(shop, client, "http://orders/x"))
                .as(client + " asks for " + name)
                .isEqualTo(expected);
          }
        }
      }
      assertThat(orders.get("/x").status()).as("in plaintext").isEqualTo(403);
      assertThat(orders.process().output()).doesNotContain("\tat ");
    }
  }

  /** In plaintext, from outside of the mesh: whoever holds Ann's token is Ann. */
  private static void aTokenLetsInToo(ControlServer control, App orders) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      RSAPublicKey key = (RSAPublicKey) pair.getPublic();
      String token = token(pair, "ann");
      control.apply(
          ONLY_ANN.formatted(
              base64(key.getModulus().toByteArray()),
              base64(key.getPublicExponent().toByteArray())));
      Awaitility.await("Ann to be let in")
          .atMost(Duration.ofSeconds(5))
          .until(() -> orders.get("/x?access_token=" + token).status() == 200);
      assertThat(orders.get("/x").status()).isEqualTo(403);
      assertThat(orders.get("/x?access_token=" + token(pair, "bob")).status()).isEqualTo(403);
      assertThat(orders.get("/x?access_token=" + token + "A").status()).isEqualTo(401);
      assertThat(orders.get("/admin?access_token=" + token).status()).isEqualTo(403);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String token(KeyPair pair, String subject) throws GeneralSecurityException {
    String claims = "{\"iss\":\"https://users.example\",\"sub\":\"" + subject + "\"}";
    String signed =
        base64("{\"alg\":\"RS256\",\"kid\":\"a\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + base64(claims.getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(pair.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + base64(signature.sign());
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String servedBy(App caller, String client, String url) {
    return caller.call(client, url).callStatus();
  }
}
