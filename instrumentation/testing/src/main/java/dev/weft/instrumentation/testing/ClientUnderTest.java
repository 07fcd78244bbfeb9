package dev.weft.instrumentation.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP client as an application uses it, for the {@link OutboundContract}. */
public interface ClientUnderTest extends AutoCloseable {
  /**
   * Sends a request and reads the whole response.
   *
   * @throws Exception the client's own exception
   */
  Result send(Call call) throws Exception;

  /** The exception that the client throws when nothing listens. */
  Class<? extends Exception> connectFailure();

  /** The exception that the client throws when its own time for the response is over. */
  Class<? extends Exception> timeout();

  /** What the client throws for a host that has no address. */
  Class<? extends Exception> unknownHost();

  @Override
  void close();

  /** How the application holds the request body. */
  enum Body {
    /** None. */
    NONE,
    /** Bytes in memory. */
    BYTES,
    /** A stream that can be read once, of unknown length. */
    STREAM
  }

  /** A request. Immutable. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Call(
      String method,
      String url,
      List<Map.Entry<String, String>> headers,
      Body kind,
      byte[] body,
      long readTimeoutMillis,
      boolean followRedirects) {
    /** A GET that follows redirects. */
    public static Call get(String url) {
      return of("GET", url);
    }

    /** A request without body that follows redirects. */
    public static Call of(String method, String url) {
      return new Call(method, url, List.of(), Body.NONE, new byte[0], 0, true);
    }

    /** The same with one more header. */
    public Call header(String name, String value) {
      List<Map.Entry<String, String>> more = new ArrayList<>(headers);
      more.add(Map.entry(name, value));
      return new Call(method, url, more, kind, body, readTimeoutMillis, followRedirects);
    }

    /** The same with a body in memory. */
    public Call body(byte[] bytes) {
      return new Call(method, url, headers, Body.BYTES, bytes, readTimeoutMillis, followRedirects);
    }

    /** The same with a body that can be read once. */
    public Call stream(byte[] bytes) {
      return new Call(method, url, headers, Body.STREAM, bytes, readTimeoutMillis, followRedirects);
    }

    /** The same with a limit for the response. */
    public Call readTimeout(long millis) {
      return new Call(method, url, headers, kind, body, millis, followRedirects);
    }

    /** The same without following redirects. */
    public Call notRedirected() {
      return new Call(method, url, headers, kind, body, readTimeoutMillis, false);
    }
  }

  /** A response. Header names as the client shows them. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Result(int status, List<Map.Entry<String, String>> headers, byte[] body, String url) {
    /** The body as text. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** All values of a header. */
    public List<String> values(String name) {
      return headers.stream()
          .filter(e -> name.equalsIgnoreCase(e.getKey()))
          .map(Map.Entry::getValue)
          .toList();
    }

    /** The first value of a header, or null. */
    public @Nullable String header(String name) {
      List<String> values = values(name);
      return values.isEmpty() ? null : values.get(0);
    }
  }
}
