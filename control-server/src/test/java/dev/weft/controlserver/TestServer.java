package dev.weft.controlserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A control server in this process, and clients for it. Everything goes over real TLS. */
public final class TestServer implements AutoCloseable {
  public final Path directory;
  public final List<String> audit = Collections.synchronizedList(new ArrayList<>());
  private final ControlServer server;
  private final HttpClient plain;

  private TestServer(Path directory, UnaryOperator<ServerSettings> settings, Clock clock) {
    this.directory = directory;
    server =
        ControlServer.start(
            settings.apply(ServerSettings.of(directory, "127.0.0.1", 0)),
            audit::add,
            clock,
            System::nanoTime,
            new SecureRandom());
    plain = client(null, List.of());
  }

  public static TestServer start(Path directory) {
    return start(directory, settings -> settings);
  }

  public static TestServer start(Path directory, UnaryOperator<ServerSettings> settings) {
    return new TestServer(directory, settings, Clock.systemUTC());
  }

  public static TestServer start(
      Path directory, UnaryOperator<ServerSettings> settings, Clock clock) {
    return new TestServer(directory, settings, clock);
  }

  public ControlServer server() {
    return server;
  }

  public String url(String path) {
    return "https://" + server.address() + path;
  }

  public String adminToken() {
    return read(server.adminTokenFile()).trim();
  }

  /** A client that trusts this server's root and presents {@code chain}. */
  public HttpClient client(KeyPair key, List<? extends Certificate> chain) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("root", certificate(read(directory.resolve("ca/root.pem"))));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      // PKCS12 derives a key from the password, which costs more than a handshake.
      KeyStore own = KeyStore.getInstance("JKS");
      own.load(null, null);
      if (key != null) {
        own.setKeyEntry("own", key.getPrivate(), new char[0], chain.toArray(new Certificate[0]));
      }
      keys.init(own, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return HttpClient.newBuilder()
          .sslContext(context)
          // The first handshake of a cold server on a busy machine takes its time.
          .connectTimeout(Duration.ofSeconds(20))
          .build();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public static Certificate certificate(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Sends with the given bearer token, or none when null. */
  public Answer send(HttpClient client, String method, String path, String bearer, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(path)))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (bearer != null) {
      request.header("authorization", "Bearer " + bearer);
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (Exception e) {
      throw new AssertionError(method + " " + path + ": " + e, e);
    }
  }

  public Answer anonymous(String method, String path, String body) {
    return send(plain, method, path, null, body);
  }

  public Answer admin(String method, String path, String body) {
    return send(plain, method, path, adminToken(), body);
  }

  public Answer join(String token, String service, String csr) {
    // Not the client of the others: what joined by a connection is known on it from then on.
    return join(client(null, List.of()), token, service, csr);
  }

  public Answer join(HttpClient by, String token, String service, String csr) {
    return send(
        by,
        "POST",
        "/v1/agent/join",
        token,
        Json.object()
            .put("csr", csr)
            .put("service", service)
            .put("namespace", "shop")
            .put("serviceAccount", service)
            .toString());
  }

  public String token(String service, int uses) {
    return admin(
            "POST",
            "/v1/tokens",
            Json.object()
                .put("service", service)
                .put("namespace", "shop")
                .put("uses", uses)
                .toString())
        .ok()
        .path("token")
        .asText();
  }

  public TestAgent agent(String service, String instance) {
    return TestAgent.join(this, service, instance);
  }

  public record Answer(int status, String body) {
    public JsonNode json() {
      try {
        return Json.read(body.getBytes(StandardCharsets.UTF_8));
      } catch (Exception e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }

    public JsonNode ok() {
      if (status != 200) {
        throw new AssertionError(status + " " + body);
      }
      return json();
    }

    public String errorCode() {
      return json().path("error").path("code").asText();
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
