package dev.weft.dataplane.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends OTLP by the JDK's HttpURLConnection: the OkHttp sender would bring Kotlin into every
 * application. One thread, four messages waiting at most; the SDK's own queue before it is bounded
 * as well. A message is tried once: what a dead collector costs is a counter. Thread-safe.
 */
final class UrlConnectionSender implements HttpSender {

  private static final int WAITING = 4;
  private static final int IDLE_SECONDS = 30;
  private static final int MAX_RESPONSE_BYTES = 65_536;

  private final HttpSenderConfig config;
  private final ThreadPoolExecutor executor;
  private final Consumer<String> failures;

  private UrlConnectionSender(
      HttpSenderConfig config, ThreadPoolExecutor executor, Consumer<String> failures) {
    this.config = config;
    this.executor = executor;
    this.failures = failures;
  }

  static UrlConnectionSender of(
      HttpSenderConfig config, ThreadFactory threads, Consumer<String> failures) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), threads);
    executor.allowCoreThreadTimeOut(true);
    return new UrlConnectionSender(config, executor, failures);
  }

  @Override
  public void send(
      MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
    try {
      executor.execute(
          () -> {
            HttpResponse response;
            try {
              response = exchange(message);
            } catch (IOException | RuntimeException e) {
              failures.accept(config.getEndpoint() + ": " + e);
              onError.accept(e);
              return;
            }
            if (response.getStatusCode() >= 300) {
              failures.accept(config.getEndpoint() + ": status " + response.getStatusCode());
            }
            onResponse.accept(response);
          });
    } catch (RejectedExecutionException e) {
      failures.accept(config.getEndpoint() + ": too many messages wait");
      onError.accept(e);
    }
  }

  @Override
  public CompletableResultCode shutdown() {
    executor.shutdown();
    return CompletableResultCode.ofSuccess();
  }

  private HttpResponse exchange(MessageWriter message) throws IOException {
    ByteArrayOutputStream body = body(message);
    // No proxy by the JVM's settings: those are the application's, OTLP has its own.
    HttpURLConnection connection =
        (HttpURLConnection) config.getEndpoint().toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod("POST");
    connection.setConnectTimeout(millis(config.getConnectTimeout().toMillis()));
    connection.setReadTimeout(millis(config.getTimeout().toMillis()));
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.size());
    SSLContext tls = config.getSslContext();
    if (tls != null && connection instanceof HttpsURLConnection) {
      ((HttpsURLConnection) connection).setSSLSocketFactory(tls.getSocketFactory());
    }
    headers(connection);
    try (OutputStream out = connection.getOutputStream()) {
      body.writeTo(out);
    }
    int status = connection.getResponseCode();
    return response(status, connection);
  }

  private void headers(HttpURLConnection connection) {
    Map<String, List<String>> headers = config.getHeadersSupplier().get();
    if (headers != null) {
      headers.forEach(
          (name, values) -> values.forEach(value -> connection.addRequestProperty(name, value)));
    }
    connection.setRequestProperty("Content-Type", config.getContentType());
    Compressor compressor = config.getCompressor();
    if (compressor != null) {
      connection.setRequestProperty("Content-Encoding", compressor.getEncoding());
    }
  }

  private ByteArrayOutputStream body(MessageWriter message) throws IOException {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(Math.max(1_024, message.getContentLength()));
    Compressor compressor = config.getCompressor();
    if (compressor == null) {
      message.writeMessage(bytes);
    } else {
      try (OutputStream compressed = compressor.compress(bytes)) {
        message.writeMessage(compressed);
      }
    }
    return bytes;
  }

  /** Reads the answer to its end, so that the JDK keeps the connection. */
  private static HttpResponse response(int status, HttpURLConnection connection)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      if (in != null) {
        byte[] chunk = new byte[4_096];
        for (int n = in.read(chunk); n >= 0 && bytes.size() < MAX_RESPONSE_BYTES; ) {
          bytes.write(chunk, 0, n);
          n = in.read(chunk);
        }
      }
    }
    @Nullable String text = connection.getResponseMessage();
    return new Answer(status, text == null ? "" : text, bytes.toByteArray());
  }

  private static int millis(long value) {
    // Zero would mean "for ever" to the JDK.
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, value));
  }

  private static final class Answer implements HttpResponse {
    private final int status;
    private final String message;
    private final byte[] body;

    Answer(int status, String message, byte[] body) {
      this.status = status;
      this.message = message;
      this.body = body;
    }

    @Override
    public int getStatusCode() {
      return status;
    }

    @Override
    public String getStatusMessage() {
      return message;
    }

    @Override
    public byte[] getResponseBody() {
      return body.clone();
    }
  }
}
