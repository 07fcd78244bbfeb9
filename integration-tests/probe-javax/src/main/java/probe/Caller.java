package probe;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;

/** One way to make an HTTP call, with the library's own defaults. */
enum Caller {
  HUC {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
      connection.setRequestMethod(method);
      connection.setConnectTimeout(5000);
      connection.setReadTimeout(30000);
      if (body.length > 0) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body);
      }
      int status = connection.getResponseCode();
      InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      String text = in == null ? "" : read(in);
      return new Answer(status, connection.getHeaderField("x-instance"), text);
    }
  },
  APACHE {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      RequestBuilder request = RequestBuilder.create(method).setUri(url);
      if (body.length > 0) {
        request.setEntity(new ByteArrayEntity(body));
      }
      try (CloseableHttpResponse response = Apache.CLIENT.execute(request.build())) {
        String text =
            response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
        return new Answer(
            response.getStatusLine().getStatusCode(),
            response.getFirstHeader("x-instance") == null
                ? null
                : response.getFirstHeader("x-instance").getValue(),
            text);
      }
    }
  },
  APACHE4_ASYNC {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      RequestBuilder request = RequestBuilder.create(method).setUri(url);
      if (body.length > 0) {
        request.setEntity(new ByteArrayEntity(body));
      }
      try {
        org.apache.http.HttpResponse response =
            Apache4Async.CLIENT.execute(request.build(), null).get();
        return new Answer(
            response.getStatusLine().getStatusCode(),
            response.getFirstHeader("x-instance") == null
                ? null
                : response.getFirstHeader("x-instance").getValue(),
            response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      } catch (java.util.concurrent.ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
  },
  /** Apache HttpClient 4.0, of class files of Java 5. */
  APACHE4_0 {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      try {
        Object[] answer = Old.APACHE.apply(new String[] {method, url}, body);
        return new Answer((Integer) answer[0], (String) answer[1], (String) answer[2]);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  },
  APACHE5 {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(url));
      if (body.length > 0) {
        request.setEntity(
            new org.apache.hc.core5.http.io.entity.ByteArrayEntity(
                body, ContentType.DEFAULT_BINARY));
      }
      return Apache5.CLIENT.execute(
          request,
          response -> {
            org.apache.hc.core5.http.HttpEntity entity = response.getEntity();
            return new Answer(
                response.getCode(),
                response.getFirstHeader("x-instance") == null
                    ? null
                    : response.getFirstHeader("x-instance").getValue(),
                entity == null
                    ? ""
                    : org.apache.hc.core5.http.io.entity.EntityUtils.toString(entity));
          });
    }
  },
  OKHTTP {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      return Ok.answer(Ok.call(method, url, body).execute());
    }
  },
  OKHTTP_ENQUEUE {
    @Override
    Answer call(String method, String url, byte[] body) {
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      Ok.call(method, url, body)
          .enqueue(
              new okhttp3.Callback() {
                @Override
                public void onResponse(okhttp3.Call call, okhttp3.Response response)
                    throws IOException {
                  answer.complete(Ok.answer(response));
                }

                @Override
                public void onFailure(okhttp3.Call call, IOException failure) {
                  answer.completeExceptionally(failure);
                }
              });
      return answer.join();
    }
  },
  REACTOR_NETTY {
    @Override
    Answer call(String method, String url, byte[] body) {
      return Reactor.CLIENT
          .request(io.netty.handler.codec.http.HttpMethod.valueOf(method))
          .uri(url)
          .send(ByteBufMono.fromString(Mono.just(new String(body, StandardCharsets.UTF_8))))
          .responseSingle(
              (response, content) ->
                  content
                      .asString()
                      .defaultIfEmpty("")
                      .map(
                          text ->
                              new Answer(
                                  response.status().code(),
                                  response.responseHeaders().get("x-instance"),
                                  text)))
          .block(Duration.ofSeconds(30));
    }
  },
  ASYNC_HTTP_CLIENT {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      try {
        org.asynchttpclient.Response response =
            Async.CLIENT
                .executeRequest(
                    new org.asynchttpclient.RequestBuilder(method).setUrl(url).setBody(body))
                .get();
        return new Answer(
            response.getStatusCode(), response.getHeader("x-instance"), response.getResponseBody());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      } catch (java.util.concurrent.ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
  },
  GRPC {
    @Override
    Answer call(String method, String url, byte[] body) {
      return GrpcCall.call(url, body);
    }
  },
  APACHE5_ASYNC {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      SimpleHttpRequest request = new SimpleHttpRequest(method, URI.create(url));
      if (body.length > 0) {
        request.setBody(body, ContentType.DEFAULT_BINARY);
      }
      try {
        SimpleHttpResponse response = Apache5Async.CLIENT.execute(request, null).get();
        return new Answer(
            response.getCode(),
            response.getFirstHeader("x-instance") == null
                ? null
                : response.getFirstHeader("x-instance").getValue(),
            response.getBodyText());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      } catch (java.util.concurrent.ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
  },
  JDK {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      return jdk(Jdk.HTTP1, method, url, body, false);
    }
  },
  JDK_ASYNC {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      return jdk(Jdk.HTTP1, method, url, body, true);
    }
  },
  JDK_H2 {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      return jdk(Jdk.HTTP2, method, url, body, false);
    }
  },
  JDK_WS {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      return WebSocketCall.jdk(Jdk.HTTP1, url);
    }
  },
  OKHTTP_WS {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      return WebSocketCall.okhttp(Ok.CLIENT, url);
    }
  },
  /** A client that somebody wrote by hand, long ago: a socket for each call. */
  SOCKET {
    @Override
    Answer call(String method, String url, byte[] body) throws IOException {
      URL to = new URL(url);
      try (Socket socket = new Socket(to.getHost(), to.getPort() < 0 ? 80 : to.getPort())) {
        socket.setSoTimeout(30000);
        String head =
            method
                + " "
                + to.getFile()
                + " HTTP/1.0\r\nHost: "
                + to.getAuthority()
                + "\r\nContent-Length: "
                + body.length
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        String answer = read(socket.getInputStream());
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
          throw new IOException("no answer: " + answer);
        }
        int status = Integer.parseInt(answer.substring(9, 12));
        int at = answer.indexOf("\r\nx-instance: ");
        String instance =
            at < 0 || at > end ? null : answer.substring(at + 14, answer.indexOf('\r', at + 14));
        return new Answer(status, instance, answer.substring(end + 4));
      }
    }
  };

  private static final List<Closeable> OPEN = new CopyOnWriteArrayList<>();

  abstract Answer call(String method, String url, byte[] body) throws IOException;

  /** Ends the clients that have to be ended. */
  static void close() {
    for (Closeable client : OPEN) {
      try {
        client.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static <T extends Closeable> T open(T client) {
    OPEN.add(client);
    return client;
  }

  static Caller of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static Answer jdk(
      HttpClient client, String method, String url, byte[] body, boolean async) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      HttpResponse<String> response =
          async
              ? client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).get()
              : client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("x-instance").orElse(null),
          response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private static String read(InputStream from) throws IOException {
    try (InputStream in = from) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      in.transferTo(bytes);
      return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
    }
  }

  /** What came back. */
  static final class Answer {
    final int status;
    final String instance;
    final String text;

    Answer(int status, String instance, String text) {
      this.status = status;
      this.instance = instance;
      this.text = text;
    }
  }

  private static final class Apache {
    static final CloseableHttpClient CLIENT =
        open(
            HttpClients.custom()
                .setMaxConnPerRoute(64)
                .setMaxConnTotal(256)
                .setDefaultRequestConfig(
                    RequestConfig.custom().setConnectTimeout(5000).setSocketTimeout(30000).build())
                .build());
  }

  private static final class Old {
    static final BiFunction<String[], byte[], Object[]> APACHE =
        OldApache.beside(System.getProperty("probe.apache-4.0"));
  }

  private static final class Apache5 {
    static final org.apache.hc.client5.http.impl.classic.CloseableHttpClient CLIENT =
        open(
            org.apache.hc.client5.http.impl.classic.HttpClients.custom()
                .setConnectionManager(
                    PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(64)
                        .setMaxConnTotal(256)
                        .build())
                .build());
  }

  private static final class Ok {
    static final okhttp3.OkHttpClient CLIENT = new okhttp3.OkHttpClient();

    static {
      open(
          () -> {
            CLIENT.dispatcher().executorService().shutdown();
            CLIENT.connectionPool().evictAll();
          });
    }

    @SuppressWarnings("deprecation") // The one that OkHttp 3 has, too.
    static okhttp3.Call call(String method, String url, byte[] body) {
      okhttp3.RequestBody sent =
          body.length == 0 ? null : okhttp3.RequestBody.create((okhttp3.MediaType) null, body);
      return CLIENT.newCall(new okhttp3.Request.Builder().url(url).method(method, sent).build());
    }

    static Answer answer(okhttp3.Response response) throws IOException {
      try (okhttp3.Response closed = response) {
        return new Answer(closed.code(), closed.header("x-instance"), closed.body().string());
      }
    }
  }

  private static final class Reactor {
    static final reactor.netty.http.client.HttpClient CLIENT =
        reactor.netty.http.client.HttpClient.create();
  }

  private static final class Async {
    static final org.asynchttpclient.AsyncHttpClient CLIENT =
        open(org.asynchttpclient.Dsl.asyncHttpClient());
  }

  private static final class Apache4Async {
    static final org.apache.http.impl.nio.client.CloseableHttpAsyncClient CLIENT = started();

    private static org.apache.http.impl.nio.client.CloseableHttpAsyncClient started() {
      org.apache.http.impl.nio.client.CloseableHttpAsyncClient client =
          open(org.apache.http.impl.nio.client.HttpAsyncClients.createDefault());
      client.start();
      return client;
    }
  }

  private static final class Apache5Async {
    static final CloseableHttpAsyncClient CLIENT = started();

    private static CloseableHttpAsyncClient started() {
      CloseableHttpAsyncClient client = open(HttpAsyncClients.createDefault());
      client.start();
      return client;
    }
  }

  private static final class Jdk {
    static final HttpClient HTTP1 =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    static final HttpClient HTTP2 =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  }
}
