package dev.weft.controlserver.jwks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpKeyFetcherTest {
  static final String KEYS =
      "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"kid\":\"a\",\"d\":\"SECRET\"}]}";

  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private String origin;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    origin = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    String body = KEYS;
    int status = 200;
    switch (exchange.getRequestURI().getPath()) {
      case "/redirect" -> {
        status = 302;
        exchange.getResponseHeaders().set("location", origin + "/keys");
      }
      case "/large" -> body = " ".repeat(300 * 1024) + KEYS;
      case "/html" -> body = "<html>SECRET</html>";
      case "/none" -> body = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"SECRET\"}]}";
      case "/broken" -> body = "{\"keys\":[{\"kty\":\"RSA\",\"d\":\"SECRET\"}]}";
      case "/.well-known/openid-configuration" ->
          body = "{\"issuer\":\"" + origin + "\",\"jwks_uri\":\"" + origin + "/keys\"}";
      case "/elsewhere/.well-known/openid-configuration" ->
          body =
              "{\"issuer\":\""
                  + origin
                  + "/elsewhere\",\"jwks_uri\":\"http://169.254.169.254/keys\"}";
      case "/false/.well-known/openid-configuration" ->
          body = "{\"issuer\":\"" + origin + "\",\"jwks_uri\":\"" + origin + "/keys\"}";
      case "/missing" -> status = 404;
      case "/slow" -> {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        try {
          released.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return;
      }
      default -> {}
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private HttpKeyFetcher fetcher(String... origins) {
    return new HttpKeyFetcher(KeyOrigins.of(List.of(origins)), Map.of());
  }

  private static KeySource at(String address) {
    return new KeySource(address, "", Duration.ofSeconds(10));
  }

  private KeySource issuer(String path) {
    String issuer = origin + path;
    return new KeySource(
        issuer + "/.well-known/openid-configuration", issuer, Duration.ofSeconds(10));
  }

  @Test
  void fetchesPublicKeysFromServersThatWereNamed() throws Exception {
    assertThat(fetcher(origin).fetch(at(origin + "/keys")))
        .singleElement()
        .satisfies(key -> assertThat(key.id).isEqualTo("a"))
        .satisfies(key -> assertThat(key.toString()).doesNotContain("SECRET"));
    assertThat(fetcher(origin).fetch(issuer(""))).hasSize(1);
  }

  @Test
  void asksNoServerThatWasNotNamed() {
    assertThatThrownBy(() -> fetcher().fetch(at(origin + "/keys")))
        .isInstanceOf(KeyFetchException.class)
        .hasMessageContaining("--jwks-from " + origin);
    assertThatThrownBy(() -> fetcher("https://127.0.0.1").fetch(at(origin + "/keys")))
        .isInstanceOf(KeyFetchException.class);
    assertThat(asked).hasValue(0);
    assertThatThrownBy(() -> fetcher(origin).fetch(issuer("/elsewhere")))
        .hasMessageContaining("http://169.254.169.254/keys is not on a server");
  }

  @ParameterizedTest
  @CsvSource({
    "/redirect, redirects are not followed",
    "/large, more than 262144 bytes",
    "/html, is no JSON object",
    "/none, has no public key",
    "/broken, without \"n\"",
    "/missing, answered 404",
  })
  void saysWhyThereAreNoKeysAndRepeatsNothingOfTheAnswer(String path, String why) {
    assertThatThrownBy(() -> fetcher(origin).fetch(at(origin + path)))
        .isInstanceOf(KeyFetchException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("SECRET");
  }

  @Test
  void takesNoDocumentOfAnotherIssuer() {
    assertThatThrownBy(() -> fetcher(origin).fetch(issuer("/false")))
        .hasMessageContaining("is not of the issuer");
  }

  @Test
  void waitsNoLongerThanTheRuleSays() {
    KeySource slow = new KeySource(origin + "/slow", "", Duration.ofMillis(100));
    assertThatThrownBy(() -> fetcher(origin).fetch(slow)).hasMessageContaining("longer than 100ms");
  }

  @Test
  void aFileStandsInForAnAddress(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("keys.json"), KEYS);
    String address = "https://issuer.example/keys";
    HttpKeyFetcher fetcher = new HttpKeyFetcher(KeyOrigins.of(List.of()), Map.of(address, file));
    assertThat(fetcher.fetch(at(address))).hasSize(1);
    Files.delete(file);
    assertThatThrownBy(() -> fetcher.fetch(at(address))).hasMessageContaining("keys.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a.example/keys",
        "https://a.example:8443/keys",
        "https://a.example.evil/keys",
        "https://evil/a.example",
        "https://a.example@evil/keys",
        "https://user@a.example/keys",
        "https://example/keys",
        "https://badexample/keys",
        "file:///etc/passwd",
        "https:///keys",
        "a.example/keys",
      })
  void anOriginIsSchemeHostAndPort(String address) throws Exception {
    KeyOrigins origins = KeyOrigins.of(List.of("https://a.example", "https://*.b.example"));
    assertThat(origins.require("https://a.example/keys")).isNotNull();
    assertThat(origins.require("HTTPS://A.example:443/keys?x=y")).isNotNull();
    assertThat(origins.require("https://x.y.b.example/keys")).isNotNull();
    assertThatThrownBy(() -> origins.require(address)).isInstanceOf(KeyFetchException.class);
    assertThatThrownBy(() -> origins.require("https://b.example/keys"))
        .isInstanceOf(KeyFetchException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.example", "https://a.example/keys", "ftp://a", "https://*", "https://u@a", ""})
  void whatIsNoOriginIsRefused(String text) {
    assertThatThrownBy(() -> KeyOrigins.of(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no origin");
  }
}
