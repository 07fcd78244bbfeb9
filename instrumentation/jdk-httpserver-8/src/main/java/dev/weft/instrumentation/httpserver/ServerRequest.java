package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.weft.dataplane.IpText;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request of the JDK's server as the mesh sees it: as it came on the wire. For the thread that
 * serves the request, until it is over.
 */
final class ServerRequest implements InboundRequest {
  private final HttpExchange exchange;
  private final Internals internals;
  private final boolean secured;
  private final MeshConnection connection;
  private final Function<HttpExchange, BodyAhead> reading;
  private @Nullable BodyAhead ahead;

  /**
   * @param reading makes what reads the body before the application
   */
  ServerRequest(
      HttpExchange exchange,
      Internals internals,
      MeshConnection connection,
      Function<HttpExchange, BodyAhead> reading) {
    this.exchange = exchange;
    this.internals = internals;
    this.secured = internals.isSecured(exchange);
    this.connection = connection;
    this.reading = reading;
  }

  /** Headers of a request that can be changed, which those of later versions of Java cannot. */
  static Headers copy(Headers headers) {
    Headers copy = new Headers();
    copy.putAll(headers);
    return copy;
  }

  @Override
  public String method() {
    return exchange.getRequestMethod();
  }

  @Override
  public String scheme() {
    return secured ? "https" : "http";
  }

  @Override
  public @Nullable String protocolVersion() {
    String protocol = exchange.getProtocol();
    if ("HTTP/1.1".equals(protocol)) {
      return "1.1";
    }
    return "HTTP/1.0".equals(protocol) ? "1.0" : null;
  }

  @Override
  public List<String> headers(String name) {
    List<String> values = exchange.getRequestHeaders().get(name);
    return values == null ? Collections.emptyList() : Collections.unmodifiableList(values);
  }

  @Override
  public Iterable<String> headerNames() {
    return exchange.getRequestHeaders().keySet();
  }

  /** The server takes {@code //a/b} for an authority and a path; on the wire it is a path. */
  @Override
  public String rawPath() {
    URI uri = exchange.getRequestURI();
    String target = uri.toString();
    if (uri.getScheme() == null) {
      return target;
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  /** What the server chose the context by, and the application usually goes by. */
  @Override
  public String decodedPath() {
    String path = exchange.getRequestURI().getPath();
    return path == null ? "" : path;
  }

  @Override
  public @Nullable String mappedPath() {
    return null;
  }

  @Override
  public String remoteAddress() {
    return IpText.of(exchange.getRemoteAddress());
  }

  @Override
  public String localAddress() {
    return IpText.of(exchange.getLocalAddress());
  }

  @Override
  public int localPort() {
    InetSocketAddress local = exchange.getLocalAddress();
    return local == null ? -1 : local.getPort();
  }

  @Override
  public void setHeader(String name, String value) {
    Headers changed = copy(exchange.getRequestHeaders());
    changed.set(name, value);
    internals.setHeaders(internals.impl(exchange), changed);
  }

  @Override
  public void removeHeader(String name) {
    if (exchange.getRequestHeaders().containsKey(name)) {
      Headers changed = copy(exchange.getRequestHeaders());
      changed.remove(name);
      internals.setHeaders(internals.impl(exchange), changed);
    }
  }

  @Override
  public void setAnswerHeader(String name, String value) {
    answer().fix(name, value);
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    answer().keep(name, value);
  }

  /**
   * Makes the answer's headers such that they can be changed while the application has them in its
   * hands: it gets no others.
   */
  void openAnswer() {
    answer();
  }

  @Override
  public boolean tellsCallers() {
    return exchange.getResponseHeaders() instanceof AnswerHeaders;
  }

  private AnswerHeaders answer() {
    Headers answer = exchange.getResponseHeaders();
    if (answer instanceof AnswerHeaders) {
      return (AnswerHeaders) answer;
    }
    AnswerHeaders ours = AnswerHeaders.of(answer);
    internals.setAnswerHeaders(internals.impl(exchange), ours);
    return ours;
  }

  @Override
  public byte[] peekBody(int most, long timeoutNanos) throws IOException {
    if (ahead == null) {
      ahead = reading.apply(exchange);
    }
    return ahead.peek(most, timeoutNanos);
  }

  @Override
  public @Nullable PeerIdentity peer() {
    return connection.peer();
  }

  @Override
  public @Nullable String indicatedServerName() {
    return connection.serverName();
  }
}
