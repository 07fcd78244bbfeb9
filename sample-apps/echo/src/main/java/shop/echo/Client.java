package shop.echo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.http.Header;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Ways to send a request, with the libraries' own defaults; none follows a redirect. */
enum Client {
  /** The oldest of the JDK. */
  HUC {
    @Override
    Answer send(String method, String url, List<String[]> headers) throws IOException {
      HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
      connection.setInstanceFollowRedirects(false);
      connection.setRequestMethod(method);
      headers.forEach(header -> connection.addRequestProperty(header[0], header[1]));
      int status = connection.getResponseCode();
      InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      return new Answer(status, connection.getHeaderFields(), in == null ? "" : read(in));
    }
  },
  /** The JDK's since 11, over HTTP/1.1. */
  JDK {
    @Override
    Answer send(String method, String url, List<String[]> headers) throws IOException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url))
              .method(method, HttpRequest.BodyPublishers.noBody());
      headers.forEach(header -> request.header(header[0], header[1]));
      try {
        HttpResponse<String> response =
            Jdk.CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.headers().map(), response.body());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  },
  /** Apache HttpClient 4. */
  APACHE {
    @Override
    Answer send(String method, String url, List<String[]> headers) throws IOException {
      RequestBuilder request = RequestBuilder.create(method).setUri(url);
      request.setConfig(RequestConfig.custom().setRedirectsEnabled(false).build());
      headers.forEach(header -> request.addHeader(header[0], header[1]));
      try (CloseableHttpResponse response = Apache.CLIENT.execute(request.build())) {
        Map<String, List<String>> received = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header each : response.getAllHeaders()) {
          received.computeIfAbsent(each.getName(), key -> new ArrayList<>()).add(each.getValue());
        }
        return new Answer(
            response.getStatusLine().getStatusCode(),
            received,
            response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity()));
      }
    }
  };

  /** Sends a request without a body; headers are pairs of name and value. */
  abstract Answer send(String method, String url, List<String[]> headers) throws IOException;

  private static String read(InputStream from) throws IOException {
    try (InputStream in = from) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      in.transferTo(all);
      return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }
  }

  private static final class Jdk {
    static final HttpClient CLIENT =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static final class Apache {
    static final CloseableHttpClient CLIENT = HttpClients.createDefault();
  }

  /** What came back. */
  static final class Answer {
    final int status;
    final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    final String body;

    Answer(int status, Map<String, List<String>> headers, String body) {
      this.status = status;
      this.body = body;
      headers.forEach(
          (name, values) -> {
            if (name != null) {
              this.headers.put(name, values == null ? Collections.<String>emptyList() : values);
            }
          });
    }
  }
}
