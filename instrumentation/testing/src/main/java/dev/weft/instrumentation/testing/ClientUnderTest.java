package dev.weft.instrumentation.testing;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An HTTP client as an application uses it, for the {@link OutboundContract}. */
public interface ClientUnderTest extends AutoCloseable {
  /**
   * Sends a request and reads the whole response.
   *
   * @throws Exception the client's own exception
   */
  Result send(Call call) throws Exception;

  /**
   * What the library can do; what is missing here is tried outside the mesh and must fail there.
   */
  default Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  /** The exception that the client throws when nothing listens. */
  default Class<? extends Exception> connectFailure() {
    return ConnectException.class;
  }

  /** The exception that the client throws when its own time for the response is over. */
  default Class<? extends Exception> timeout() {
    return SocketTimeoutException.class;
  }

  /** What the client throws for a host that has no address. */
  default Class<? extends Exception> unknownHost() {
    return UnknownHostException.class;
  }

  /** What the client throws when no connection came free in time. */
  default Class<? extends Exception> poolTimeout() {
    return timeout();
  }

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

  /**
   * A request. Immutable.
   *
   * @param expectContinue ask before the body is sent
   * @param canceller is told, before or while the call runs, what ends it
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Call(
      String method,
      String url,
      List<Map.Entry<String, String>> headers,
      Body kind,
      byte[] body,
      long readTimeoutMillis,
      boolean followRedirects,
      boolean expectContinue,
      Consumer<Runnable> canceller) {
    @SuppressWarnings("UnnecessaryLambda") // its identity says something
    private static final Consumer<Runnable> NOBODY = cancel -> {};

    /** A GET that follows redirects. */
    public static Call get(String url) {
      return of("GET", url);
    }

    /** A request without body that follows redirects. */
    public static Call of(String method, String url) {
      return new Call(method, url, List.of(), Body.NONE, new byte[0], 0, true, false, NOBODY);
    }

    /** The same with one more header. */
    public Call header(String name, String value) {
      List<Map.Entry<String, String>> more = new ArrayList<>(headers);
      more.add(Map.entry(name, value));
      return new Call(
          method,
          url,
          more,
          kind,
          body,
          readTimeoutMillis,
          followRedirects,
          expectContinue,
          canceller);
    }

    /** The same with a body in memory. */
    public Call body(byte[] bytes) {
      return with(Body.BYTES, bytes);
    }

    /** The same with a body that can be read once. */
    public Call stream(byte[] bytes) {
      return with(Body.STREAM, bytes);
    }

    private Call with(Body how, byte[] bytes) {
      return new Call(
          method,
          url,
          headers,
          how,
          bytes,
          readTimeoutMillis,
          followRedirects,
          expectContinue,
          canceller);
    }

    /** The same with a limit for the response. */
    public Call readTimeout(long millis) {
      return with(millis, followRedirects, expectContinue, canceller);
    }

    /** The same without following redirects. */
    public Call notRedirected() {
      return with(readTimeoutMillis, false, expectContinue, canceller);
    }

    /** The same, asking before the body is sent. */
    public Call expectingContinue() {
      return with(readTimeoutMillis, followRedirects, true, canceller);
    }

    /** The same, telling what ends it. */
    public Call cancelledBy(Consumer<Runnable> told) {
      return with(readTimeoutMillis, followRedirects, expectContinue, told);
    }

    /** Whether somebody may want to end it. */
    public boolean cancellable() {
      return canceller != NOBODY;
    }

    private Call with(long millis, boolean follow, boolean expect, Consumer<Runnable> told) {
      return new Call(method, url, headers, kind, body, millis, follow, expect, told);
    }
  }

  /**
   * A response. Header names as the client shows them.
   *
   * @param trailers what the client shows after the body, empty where it shows none
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Result(
      int status,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      String url,
      List<Map.Entry<String, String>> trailers) {
    /** A response without trailers. */
    public Result(int status, List<Map.Entry<String, String>> headers, byte[] body, String url) {
      this(status, headers, body, url, List.of());
    }

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
