package dev.weft.meshctl;

import dev.weft.policy.AccessToken;
import dev.weft.policy.trust.ControlServerTrust;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** The control server's REST API, operator's side. */
final class ControlServer {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final URI server;
  private final AccessToken token;
  private final HttpClient client;

  ControlServer(URI server, AccessToken token) {
    this.server = server;
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .sslContext(tls(token))
            .build();
  }

  private static SSLContext tls(AccessToken token) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      ControlServerTrust trust = ControlServerTrust.pinned(token, Clock.systemUTC());
      context.init(null, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }

  Json get(String path) {
    return send("GET", path, HttpRequest.BodyPublishers.noBody());
  }

  Json post(String path, Map<String, Object> body) {
    String json = Json.compact(body);
    return send("POST", path, HttpRequest.BodyPublishers.ofString(json));
  }

  Json delete(String path) {
    return send("DELETE", path, HttpRequest.BodyPublishers.noBody());
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Json send(String method, String path, HttpRequest.BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(REQUEST_TIMEOUT)
            .header("authorization", "Bearer " + token.text())
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .header("user-agent", "meshctl/" + Version.text())
            .method(method, body)
            .build();
    HttpResponse<String> response = exchange(request);
    Json answer = parse(response);
    if (response.statusCode() / 100 == 2) {
      return answer;
    }
    throw refusal(response.statusCode(), answer.object("error"));
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw unreachable("no answer in time");
    } catch (SSLException e) {
      throw unreachable(rootMessage(e));
    } catch (ConnectException e) {
      throw unreachable(
          e.getCause() instanceof UnresolvedAddressException
              ? "the host is not known"
              : "connection refused; is it running?");
    } catch (IOException e) {
      throw unreachable(rootMessage(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("interrupted");
    }
  }

  private Json parse(HttpResponse<String> response) {
    String body = response.body().trim();
    try {
      return body.isEmpty() ? new Json(Map.of()) : Json.parse(body);
    } catch (IOException e) {
      if (response.statusCode() / 100 != 2) {
        return new Json(Map.of());
      }
      throw CommandFailure.of(
          "error: " + server + " answered something else than JSON; is it a control server?");
    }
  }

  private CommandFailure unreachable(String why) {
    return CommandFailure.of("error: cannot reach the control server " + server + ": " + why);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }

  /** One clear line for each thing that is wrong, the way compilers report. */
  private static CommandFailure refusal(int status, Json error) {
    List<String> lines = new ArrayList<>();
    for (Json detail : error.objects("details")) {
      lines.add(Problems.line(detail));
    }
    if (!lines.isEmpty()) {
      int count = lines.size();
      lines.add("error: nothing was applied: " + count + (count == 1 ? " problem" : " problems"));
      return CommandFailure.of(lines);
    }
    String message = error.text("message");
    lines.add(
        "Error from server ("
            + reason(status, error.text("code"))
            + "): "
            + (message.isEmpty() ? "HTTP status " + status : message));
    return CommandFailure.of(lines);
  }

  private static String reason(int status, String code) {
    return switch (status) {
      case 400 -> "BadRequest";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 409 -> "Conflict";
      case 422 -> "Invalid";
      default -> code.isEmpty() ? Integer.toString(status) : code;
    };
  }
}
