package dev.weft.it.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.awaitility.Awaitility;

/** The finished control server in a process of its own, and an operator's view of it. */
public final class ControlServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path data;
  private final List<String> options;
  private Forked process;
  private String url;
  private final HttpClient http;

  private ControlServer(Path data, List<String> options) {
    this.data = data;
    this.options = options;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(anyServer(null))
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /** Starts one on a free port with a new data directory. */
  public static ControlServer start(String... options) {
    ControlServer server =
        new ControlServer(Rig.newDirectory("control-server"), Arrays.asList(options));
    server.launch("127.0.0.1:0");
    return server;
  }

  private void launch(String listen) {
    List<String> command = new ArrayList<>();
    command.add(Jdk.current().tool("java"));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
    command.addAll(Rig.compilers());
    command.add("-jar");
    command.add(Rig.dist("mesh-control-server.jar").toString());
    command.addAll(List.of("serve", "--data-dir", data.resolve("data").toString()));
    command.addAll(List.of("--listen", listen));
    command.addAll(options);
    Path directory = Rig.newDirectory("control-server-run");
    process = Forked.start("control server", directory, command, Map.of());
    url = process.await("(https://127\\.0\\.0\\.1:\\d+)", Duration.ofSeconds(60));
    // The first handshake of a cold server on a busy machine may take longer than a client waits.
    Awaitility.await("the control server to answer")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> call("GET", "/healthz", null).statusCode() == 200);
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    process.kill();
  }

  /** Starts it again with the same data on the same port. */
  public void restart() {
    launch(url.substring("https://".length()));
  }

  /** The address that agents are given. */
  public String url() {
    return url;
  }

  /** The directory of its durable data. */
  public Path dataDirectory() {
    return data.resolve("data");
  }

  /** The process, for its output and its end. */
  public Forked process() {
    return process;
  }

  /** The file that holds the admin token. */
  public Path adminTokenFile() {
    try (var files = Files.walk(data.resolve("data"))) {
      return files.filter(f -> f.getFileName().toString().contains("admin")).findFirst().get();
    } catch (IOException e) {
      throw new IllegalStateException("no admin token under " + data, e);
    }
  }

  /** A join token for one service, good for many joins. */
  public String token(String service) {
    JsonNode made =
        ok(
            call(
                "POST",
                "/v1/tokens",
                "{\"service\":\""
                    + service
                    + "\",\"namespace\":\"default\",\"serviceAccount\":\""
                    + service
                    + "\",\"ttlSeconds\":3600,\"uses\":100}"));
    return made.get("token").asText();
  }

  /** Applies YAML and fails unless it was taken. */
  public JsonNode apply(String yaml) {
    return ok(tryApply(yaml));
  }

  /** Applies YAML in the place of all that this was called with before. */
  public void replace(String yaml) {
    ObjectNode change = JSON.createObjectNode().put("set", "test").put("prune", true);
    change.put("namespace", "default");
    change.putArray("files").addObject().put("name", "test.yaml").put("text", yaml);
    ok(call("POST", "/v1/policy/changes", change.toString()));
  }

  /** Applies YAML and returns the raw answer. */
  public HttpResponse<String> tryApply(String yaml) {
    return call("POST", "/v1/apply?namespace=default&file=test.yaml", yaml);
  }

  /** The registered instances. */
  public JsonNode instances() {
    return ok(call("GET", "/v1/instances?namespace=*", null)).get("items");
  }

  /**
   * Waits until so many instances of a service are live, and everyone who watches has acked the
   * newest policy: before, a caller may not have heard of the instance yet.
   */
  public void awaitLive(String service, int count) {
    awaitLive(service, count, 1);
  }

  /**
   * Waits until the one instance takes mesh TLS; before, callers are right to come in plaintext.
   */
  public void awaitSecured(String service) {
    awaitJoined(service, 1);
    Awaitility.await(service + " to take mesh TLS")
        .atMost(Duration.ofSeconds(30))
        .until(() -> instance(service).path("mtls").asBoolean());
    awaitLive(service, 1);
  }

  /** As {@link #awaitLive}, also of a server that tells its port only with the first connection. */
  public void awaitJoined(String service, int count) {
    awaitLive(service, count, 0);
  }

  private void awaitLive(String service, int count, int leastPort) {
    Awaitility.await(count + " live instances of " + service)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              int live = 0;
              JsonNode answer = ok(call("GET", "/v1/instances?namespace=*", null));
              JsonNode items = answer.get("items");
              long newest = answer.get("version").asLong();
              for (JsonNode item : items) {
                if (item.path("service").asText().equals(service)
                    && item.path("state").asText().equals("live")
                    && item.path("ackedVersion").asLong() > 0
                    && item.path("port").asInt() >= leastPort) {
                  live++;
                }
                if (item.path("watching").asBoolean()
                    && item.path("state").asText().equals("live")
                    && item.path("nack").asText("").isEmpty()
                    && item.path("ackedVersion").asLong() < newest) {
                  throw new AssertionError(
                      "not everyone has acked " + newest + ": " + items.toPrettyString());
                }
              }
              if (live != count) {
                throw new AssertionError(
                    live + " of " + count + " live: " + items.toPrettyString());
              }
            });
  }

  /** The one registered instance of a service. */
  public JsonNode instance(String service) {
    for (JsonNode item : instances()) {
      if (item.path("service").asText().equals(service)) {
        return item;
      }
    }
    throw new IllegalStateException("no instance of " + service);
  }

  /** What {@code meshctl} prints as the administrator; fails unless it ends well. */
  public String meshctl(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Jdk.current().tool("java"), "-jar", Rig.dist("meshctl.jar").toString()));
    command.addAll(List.of("--server", url, "--token-file", adminTokenFile().toString()));
    command.addAll(Arrays.asList(arguments));
    Forked meshctl = Forked.start("meshctl", Rig.newDirectory("meshctl"), command, Map.of());
    if (meshctl.exitCode(Duration.ofSeconds(60)) != 0) {
      throw new IllegalStateException("meshctl failed: " + meshctl.output());
    }
    return meshctl.output();
  }

  /** Sends one request as the administrator. */
  public HttpResponse<String> call(String method, String path, String body) {
    try {
      return call(Files.readString(adminTokenFile()).trim(), method, path, body);
    } catch (IOException e) {
      throw new IllegalStateException("the admin token cannot be read", e);
    }
  }

  /** Takes a certificate for a request in Base64, as an instance of a service does. */
  JsonNode join(String service, String request) {
    String body =
        "{\"service\":\"%s\",\"namespace\":\"default\",\"serviceAccount\":\"%s\",\"csr\":\"%s\"}"
            .formatted(service, service, request);
    return ok(call(token(service), "POST", "/v1/agent/join", body));
  }

  private HttpResponse<String> call(String token, String method, String path, String body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url + path))
              .timeout(Duration.ofSeconds(20))
              .header("authorization", "Bearer " + token)
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body));
      if (body != null) {
        request.header(
            "content-type", body.startsWith("{") ? "application/json" : "application/yaml");
      }
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode ok(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new IllegalStateException("not JSON: " + response.body(), e);
    }
  }

  @Override
  public void close() {
    process.close();
  }

  /**
   * Trusts any server: these tests look at what the product does, not at this client's trust.
   *
   * @param keys what the client shows of itself, null for nothing
   */
  static SSLContext anyServer(KeyManager[] keys) {
    TrustManager any =
        new X509ExtendedTrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket s) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket s) {}

          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine e) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine e) {}

          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {any}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
