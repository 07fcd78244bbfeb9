package dev.weft.controlserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as an operator runs it, in a process of its own. */
class ControlServerMainTest {
  @TempDir Path directory;

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(ControlServerMain.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
  }

  private Process serve() throws IOException {
    return start(
        "serve", "--data-dir", directory.resolve("data").toString(), "--listen", "127.0.0.1:0");
  }

  private static String awaitAddress(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = out.readLine();
    assertThat(first).startsWith("listening on https://127.0.0.1:");
    assertThat(out.readLine()).startsWith("admin token in ");
    return first.substring("listening on ".length());
  }

  @Test
  void acknowledgedWritesSurviveKill() throws Exception {
    int acknowledged = 0;
    int rounds = 3;
    for (int round = 0; round < rounds; round++) {
      Process process = serve();
      try {
        String address = awaitAddress(process);
        HttpClient client = client();
        for (int i = 0; i < acknowledged; i++) {
          assertThat(send(client, "GET", address + "/v1/resources/pa/shop/p" + i, null))
              .as("policy " + i + " after " + round + " kills")
              .isEqualTo(200);
        }
        // The kill comes while writes are under way: some are cut off, none that was answered is
        // lost.
        int limit = acknowledged + 40;
        Thread killer = null;
        while (acknowledged < limit) {
          if (acknowledged == limit - 20 && killer == null) {
            killer = new Thread(process::destroyForcibly);
            killer.start();
          }
          try {
            if (send(client, "POST", address + "/v1/apply", policy(acknowledged)) != 200) {
              break;
            }
          } catch (IOException killed) {
            break;
          }
          acknowledged++;
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      } finally {
        process.destroyForcibly();
      }
    }
    System.out.println(
        "kill -9: " + acknowledged + " acknowledged writes, " + rounds + " kills, none lost");
    Process process = serve();
    try {
      String address = awaitAddress(process);
      HttpClient client = client();
      for (int i = 0; i < acknowledged; i++) {
        assertThat(send(client, "GET", address + "/v1/resources/pa/shop/p" + i, null))
            .isEqualTo(200);
      }
      long before = System.nanoTime();
      process.destroy();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      System.out.println("SIGTERM to exit: " + (System.nanoTime() - before) / 1_000_000 + " ms");
    } finally {
      process.destroyForcibly();
    }
  }

  /** Each change is of two objects: whatever the kill cut off, both are of the same version. */
  @Test
  void changesOfPolicyAndTheirHistoryAreWholeAfterKill() throws Exception {
    String pair = "---\n" + policy(1) + "---\n" + policy(2);
    long acknowledged = 0;
    for (int round = 0; round < 2; round++) {
      Process process = serve();
      try {
        String address = awaitAddress(process);
        HttpClient client = client();
        Thread killer = null;
        for (int i = 0; i < 200; i++) {
          if (i == 20) {
            killer = new Thread(process::destroyForcibly);
            killer.start();
          }
          boolean apply = i % 2 == 0;
          String body = apply ? pair : "{\"version\":0}";
          try {
            HttpResponse<String> answer =
                exchange(
                    client, "POST", address + (apply ? "/v1/apply" : "/v1/policy/rollback"), body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            acknowledged = Json.read(answer.body().getBytes(UTF_8)).path("version").asLong();
          } catch (IOException killed) {
            break;
          }
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      } finally {
        process.destroyForcibly();
      }
    }
    Process process = serve();
    try {
      String address = awaitAddress(process);
      HttpClient client = client();
      JsonNode history =
          Json.read(
                  exchange(client, "GET", address + "/v1/policy/history", null)
                      .body()
                      .getBytes(UTF_8))
              .path("items");
      assertThat(history.get(0).path("version").asLong()).isGreaterThanOrEqualTo(acknowledged);
      boolean there = history.get(0).path("what").asText().equals("apply");
      for (JsonNode entry : history) {
        assertThat(entry.path("changes")).as(entry.toString()).hasSize(2);
      }
      for (int number = 1; number <= 2; number++) {
        assertThat(send(client, "GET", address + "/v1/resources/pa/shop/p" + number, null))
            .isEqualTo(there ? 200 : 404);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void startsOnABackupThatWasMadeUnderItsHands() throws Exception {
    Path copy = directory.resolve("copy");
    Process running = serve();
    try {
      String address = awaitAddress(running);
      assertThat(send(client(), "POST", address + "/v1/apply", policy(1))).isEqualTo(200);
      Process backup =
          start(
              "backup",
              "--data-dir",
              directory.resolve("data").toString(),
              "--to",
              copy.toString());
      assertThat(backup.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(backup.exitValue()).isZero();
      assertThat(send(client(), "POST", address + "/v1/apply", policy(2))).isEqualTo(200);
    } finally {
      running.destroyForcibly().waitFor();
    }
    Files.move(directory.resolve("data"), directory.resolve("lost"));
    Files.move(copy, directory.resolve("data"));
    Process restored = serve();
    try {
      String address = awaitAddress(restored);
      assertThat(send(client(), "GET", address + "/v1/resources/pa/shop/p1", null)).isEqualTo(200);
      assertThat(send(client(), "GET", address + "/v1/resources/pa/shop/p2", null)).isEqualTo(404);
      assertThat(Files.readString(directory.resolve("stderr")))
          .contains("\"event\":\"restored\"")
          .contains("started from a backup");
    } finally {
      restored.destroyForcibly().waitFor();
    }
  }

  @Test
  void saysInOneLineWhyItDoesNotStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertRefused(
          1,
          "cannot listen on 127.0.0.1:" + taken.getLocalPort(),
          "serve",
          "--data-dir",
          directory.resolve("a").toString(),
          "--listen",
          "127.0.0.1:" + taken.getLocalPort());
    }
    Path file = Files.createFile(directory.resolve("file"));
    assertRefused(
        1, "data directory", "serve", "--data-dir", file.toString(), "--listen", "127.0.0.1:0");
    assertRefused(2, "--listen is 'nowhere'", "serve", "--data-dir", "x", "--listen", "nowhere");
    assertRefused(2, "--data-dir", "serve");
    assertRefused(
        1,
        "the policy directory " + directory.resolve("none") + " is not there",
        "serve",
        "--data-dir",
        directory.resolve("b").toString(),
        "--listen",
        "127.0.0.1:0",
        "--policy-dir",
        directory.resolve("none").toString());
    assertRefused(
        2, "--policy-history is '0'", "serve", "--data-dir", "x", "--policy-history", "0");
    assertRefused(2, "--leaf-ttl is '1s'", "serve", "--data-dir", "x", "--leaf-ttl", "1s");
  }

  private void assertRefused(int code, String message, String... arguments) throws Exception {
    Process process = start(arguments);
    try {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      String err = Files.readString(directory.resolve("stderr"));
      assertThat(process.exitValue()).as(err).isEqualTo(code);
      assertThat(err).contains(message).doesNotContain("\tat ");
      assertThat(err.lines().count()).as(err).isLessThanOrEqualTo(2);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String policy(int number) {
    return """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: p%d, namespace: shop}
        spec: {selector: {matchLabels: {app: a%d}}, mtls: {mode: STRICT}}
        """
        .formatted(number, number);
  }

  private int send(HttpClient client, String method, String url, String body)
      throws IOException, InterruptedException {
    return exchange(client, method, url, body).statusCode();
  }

  private HttpResponse<String> exchange(HttpClient client, String method, String url, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(10))
            .header(
                "authorization",
                "Bearer " + Files.readString(directory.resolve("data/admin-token")).trim())
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpClient client() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "root",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    Files.readAllBytes(directory.resolve("data/ca/root.pem")))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build();
  }
}
