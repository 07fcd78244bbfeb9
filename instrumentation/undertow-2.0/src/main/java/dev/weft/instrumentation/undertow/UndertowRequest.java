package dev.weft.instrumentation.undertow;

import dev.weft.agent.extension.GatedRequest;
import dev.weft.dataplane.IpText;
import dev.weft.dataplane.inbound.AnswerEdits;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.MeshHeaders;
import dev.weft.dataplane.inbound.RequestTargets;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import io.undertow.util.Protocols;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of Undertow as the mesh sees it: as it came on the wire, before any handler of the
 * application could say otherwise. For the thread that serves the request, until it is over.
 */
final class UndertowRequest extends GatedRequest {
  private final HttpServerExchange exchange;

  /** Kept, because a dispatch of the application writes another path into the exchange. */
  private final String rawPath;

  private final String decodedPath;
  private @Nullable BodyAhead ahead;

  UndertowRequest(HttpServerExchange exchange, MeshConnection connection) {
    super(connection);
    this.exchange = exchange;
    this.rawPath = rawPath(exchange);
    this.decodedPath = exchange.getRequestPath();
  }

  /**
   * Takes the mesh's own headers out.
   *
   * @return whether there is a trace or a deadline, which calls of the application must carry on
   */
  static boolean stripMeshHeaders(HeaderMap headers) {
    List<HttpString> reserved = Collections.emptyList();
    boolean carries = false;
    for (long at = headers.fastIterateNonEmpty(); at != -1; at = headers.fiNextNonEmpty(at)) {
      HttpString name = headers.fiCurrent(at).getHeaderName();
      if (MeshHeaders.isReserved(name.toString())) {
        reserved = reserved.isEmpty() ? new ArrayList<>(2) : reserved;
        reserved.add(name);
      } else {
        carries |= MeshHeaders.isCarriedOn(name.toString());
      }
    }
    for (HttpString name : reserved) {
      headers.remove(name);
    }
    return carries;
  }

  @Override
  public String method() {
    return exchange.getRequestMethod().toString();
  }

  @Override
  public String scheme() {
    return exchange.getRequestScheme();
  }

  @Override
  public @Nullable String protocolVersion() {
    HttpString protocol = exchange.getProtocol();
    if (Protocols.HTTP_1_1.equals(protocol)) {
      return "1.1";
    }
    return Protocols.HTTP_2_0.equals(protocol)
        ? "2"
        : Protocols.HTTP_1_0.equals(protocol) ? "1.0" : null;
  }

  @Override
  public List<String> headers(String name) {
    HeaderValues values = exchange.getRequestHeaders().get(name);
    return values == null ? Collections.emptyList() : Collections.unmodifiableList(values);
  }

  @Override
  public Iterable<String> headerNames() {
    List<String> names = new ArrayList<>();
    for (HttpString name : exchange.getRequestHeaders().getHeaderNames()) {
      names.add(name.toString());
    }
    return names;
  }

  private static String rawPath(HttpServerExchange exchange) {
    String uri = exchange.getRequestURI();
    if (exchange.isHostIncludedInRequestURI()) {
      uri = RequestTargets.pathAndQuery(uri);
    }
    String query = exchange.getQueryString();
    return query == null || query.isEmpty() ? uri : uri + "?" + query;
  }

  @Override
  public String rawPath() {
    return rawPath;
  }

  @Override
  public String decodedPath() {
    return decodedPath;
  }

  @Override
  public String remoteAddress() {
    return IpText.of(exchange.getConnection().getPeerAddress(InetSocketAddress.class));
  }

  @Override
  public String localAddress() {
    return IpText.of(exchange.getConnection().getLocalAddress(InetSocketAddress.class));
  }

  @Override
  public int localPort() {
    InetSocketAddress local = exchange.getConnection().getLocalAddress(InetSocketAddress.class);
    return local == null ? -1 : local.getPort();
  }

  @Override
  public void setHeader(String name, String value) {
    exchange.getRequestHeaders().put(HttpString.tryFromString(name), value);
  }

  @Override
  public void removeHeader(String name) {
    exchange.getRequestHeaders().remove(name);
  }

  @Override
  public boolean tellsCallers() {
    return true;
  }

  @Override
  protected AnswerEdits openAnswer() {
    AnswerEdits edits = new AnswerEdits();
    exchange.addResponseCommitListener(new AnswerHeaders(edits));
    return edits;
  }

  @Override
  public byte[] peekBody(int most, long timeoutNanos) throws IOException {
    if (ahead == null) {
      ahead = new BodyAhead(exchange);
    }
    return ahead.peek(most, timeoutNanos);
  }
}
