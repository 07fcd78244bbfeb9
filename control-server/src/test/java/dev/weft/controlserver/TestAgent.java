package dev.weft.controlserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An agent as the contract describes it, without an application around it. */
public final class TestAgent {
  public final String instance;
  public final HttpClient client;
  public final List<Certificate> chain;
  private final TestServer server;
  private final String service;
  private final KeyPair key;

  private TestAgent(
      TestServer server,
      String service,
      String instance,
      HttpClient client,
      KeyPair key,
      List<Certificate> chain) {
    this.server = server;
    this.service = service;
    this.instance = instance;
    this.client = client;
    this.key = key;
    this.chain = chain;
  }

  static TestAgent join(TestServer server, String service, String instance) {
    KeyPair key = TestPki.ec("secp256r1");
    JsonNode joined = server.join(server.token(service, 1), service, TestPki.csrText(key)).ok();
    List<Certificate> chain = new ArrayList<>();
    joined.path("certificateChain").forEach(pem -> chain.add(TestServer.certificate(pem.asText())));
    return new TestAgent(server, service, instance, server.client(key, chain), key, chain);
  }

  /** The same agent, on a connection to another server of its mesh. */
  public TestAgent at(TestServer other) {
    return new TestAgent(other, service, instance, other.client(key, chain), key, chain);
  }

  /** Renews its certificate, as the agent it is then. */
  public TestAgent renew(TestServer at) {
    KeyPair fresh = TestPki.ec("secp256r1");
    JsonNode answer =
        at.send(
                at(at).client,
                "POST",
                "/v1/agent/renew",
                null,
                Json.object().put("csr", TestPki.csrText(fresh)).toString())
            .ok();
    List<Certificate> renewed = new ArrayList<>();
    answer
        .path("certificateChain")
        .forEach(pem -> renewed.add(TestServer.certificate(pem.asText())));
    return new TestAgent(at, service, instance, at.client(fresh, renewed), fresh, renewed);
  }

  public TestServer.Answer call(String method, String path, String body) {
    return server.send(client, method, path, null, body);
  }

  public InstanceReport.Builder report(int port, Map<String, String> labels) {
    return InstanceReport.builder()
        .service(service)
        .namespace("shop")
        .serviceAccount(service)
        .labels(labels)
        .address(port == 0 ? "" : "127.0.0.1")
        .port(port)
        .mtls(true)
        .agentVersion("test");
  }

  public TestServer.Answer register(InstanceReport report) {
    return call(
        "PUT",
        "/v1/agent/instances/" + instance,
        new String(report.toJson(), StandardCharsets.UTF_8));
  }

  public void register(int port, Map<String, String> labels) {
    register(report(port, labels).build()).ok();
  }

  public void ack(Snapshot snapshot, String error) {
    ObjectNode body = Json.object();
    body.put("instance", instance);
    body.put("version", snapshot.version);
    body.put("epoch", snapshot.epoch);
    body.put("error", error);
    call("POST", "/v1/agent/ack", body.toString()).ok();
  }

  /** Opens a watch and collects its lines. */
  public Stream watch(long version, String epoch) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    server.url(
                        "/v1/agent/watch?instance="
                            + instance
                            + "&version="
                            + version
                            + "&epoch="
                            + epoch)))
            .build();
    BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();
    Stream stream = new Stream(lines);
    client
        .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
        .whenComplete(
            (response, failure) -> {
              if (failure != null || response.statusCode() != 200) {
                lines.add(
                    Json.object()
                        .put("type", "closed")
                        .put("status", failure == null ? response.statusCode() : 0));
                return;
              }
              Thread reader =
                  new Thread(
                      () -> {
                        try {
                          response.body().forEach(line -> lines.add(Json.readOwn(line)));
                        } catch (RuntimeException cut) {
                          // The test's server went away.
                        }
                        lines.add(Json.object().put("type", "closed"));
                      });
              reader.setDaemon(true);
              reader.start();
            });
    return stream;
  }

  /** The lines of one watch. */
  public static final class Stream {
    private final BlockingQueue<JsonNode> lines;

    Stream(BlockingQueue<JsonNode> lines) {
      this.lines = lines;
    }

    public JsonNode next() {
      try {
        JsonNode line = lines.poll(10, TimeUnit.SECONDS);
        if (line == null) {
          throw new AssertionError("no line within 10 s");
        }
        return line;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** The next line that is no heartbeat. */
    public JsonNode nextEvent() {
      JsonNode line = next();
      while (line.path("type").asText().equals("heartbeat")) {
        line = next();
      }
      return line;
    }

    public Snapshot nextSnapshot() {
      JsonNode line = nextEvent();
      if (!line.path("type").asText().equals("snapshot")) {
        throw new AssertionError("no snapshot but " + line);
      }
      return SnapshotCodec.read(line.path("snapshot").toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
