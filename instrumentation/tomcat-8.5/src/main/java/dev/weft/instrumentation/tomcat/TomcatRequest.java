package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.MeshHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.mapper.MappingData;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A request of Tomcat as the mesh sees it: as it came on the wire, before any valve or filter of
 * the application could say otherwise, and beside it the path that Tomcat decoded and mapped. For
 * the thread that serves the request, until it is over.
 */
final class TomcatRequest implements InboundRequest {
  private final Request request;
  private final org.apache.coyote.Request wire;
  private final MeshConnection connection;

  TomcatRequest(Request request, MeshConnection connection) {
    this.request = request;
    this.wire = request.getCoyoteRequest();
    this.connection = connection;
  }

  /**
   * Takes the mesh's own headers out: nobody but the mesh may write them (promise A3).
   *
   * @return whether there is a trace, a deadline or a retry, which calls of the application must
   *     carry on
   */
  static boolean stripMeshHeaders(MimeHeaders headers) {
    boolean carries = false;
    for (int i = headers.size() - 1; i >= 0; i--) {
      MessageBytes name = headers.getName(i);
      if (name.startsWithIgnoreCase(MeshHeaders.PREFIX, 0)) {
        headers.removeHeader(text(name));
        i = Math.min(i, headers.size());
      } else {
        carries |=
            name.equalsIgnoreCase(MeshHeaders.TRACE)
                || name.equalsIgnoreCase(RequestContext.DEADLINE_HEADER)
                || name.equalsIgnoreCase(RequestContext.ATTEMPT_HEADER);
      }
    }
    return carries;
  }

  @Override
  public String method() {
    return text(wire.method());
  }

  @Override
  public String scheme() {
    return text(wire.scheme());
  }

  @Override
  public @Nullable String protocolVersion() {
    MessageBytes protocol = wire.protocol();
    if (protocol.equals("HTTP/1.1")) {
      return "1.1";
    }
    return protocol.equals("HTTP/2.0") ? "2" : protocol.equals("HTTP/1.0") ? "1.0" : null;
  }

  @Override
  public List<String> headers(String name) {
    MimeHeaders headers = wire.getMimeHeaders();
    int at = headers.findHeader(name, 0);
    if (at < 0) {
      return "host".equalsIgnoreCase(name) ? http2Authority() : Collections.emptyList();
    }
    List<String> values = new ArrayList<>(1);
    for (; at >= 0; at = headers.findHeader(name, at + 1)) {
      values.add(text(headers.getValue(at)));
    }
    return Collections.unmodifiableList(values);
  }

  @Override
  public Iterable<String> headerNames() {
    return Collections.list(wire.getMimeHeaders().names());
  }

  /** What HTTP/2 sends in place of a Host header, which Tomcat takes apart; none for HTTP/1. */
  private List<String> http2Authority() {
    if (wire.serverName().isNull() || !wire.protocol().equals("HTTP/2.0")) {
      return Collections.emptyList();
    }
    int port = wire.getServerPort();
    boolean standard = port <= 0 || port == ("https".equals(scheme()) ? 443 : 80);
    String name = text(wire.serverName());
    return Collections.singletonList(standard ? name : name + ":" + port);
  }

  @Override
  public String rawPath() {
    String path = text(wire.requestURI());
    return wire.queryString().isNull() ? path : path + "?" + text(wire.queryString());
  }

  @Override
  public String decodedPath() {
    return text(wire.decodedURI());
  }

  /** Context path, servlet path and path info: what Tomcat chose the servlet by. */
  @Override
  public @Nullable String mappedPath() {
    MappingData mapped = request.getMappingData();
    if (mapped.context == null || mapped.wrapperPath.isNull()) {
      return null;
    }
    return mapped.context.getPath() + text(mapped.wrapperPath) + text(mapped.pathInfo);
  }

  /** The socket's peer, also where a valve of the application answers with a header's value. */
  @Override
  public String remoteAddress() {
    if (wire.remoteAddr().isNull()) {
      wire.action(ActionCode.REQ_HOST_ADDR_ATTRIBUTE, wire);
    }
    return text(wire.remoteAddr());
  }

  @Override
  public String localAddress() {
    if (wire.localAddr().isNull()) {
      wire.action(ActionCode.REQ_LOCAL_ADDR_ATTRIBUTE, wire);
    }
    return text(wire.localAddr());
  }

  @Override
  public int localPort() {
    if (wire.getLocalPort() < 0) {
      wire.action(ActionCode.REQ_LOCALPORT_ATTRIBUTE, wire);
    }
    return wire.getLocalPort();
  }

  @Override
  public void setHeader(String name, String value) {
    wire.getMimeHeaders().setValue(name).setString(value);
  }

  @Override
  public void removeHeader(String name) {
    wire.getMimeHeaders().removeHeader(name);
  }

  @Override
  public void setAnswerHeader(String name, String value) {
    RequestNotes.answered(request);
    AnswerHook.of(wire.getResponse()).set(name, value);
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    RequestNotes.answered(request);
    AnswerHook.of(wire.getResponse()).add(name, value);
  }

  @Override
  public boolean tellsCallers() {
    return true;
  }

  @Override
  public byte[] peekBody(int most, long timeoutNanos) throws IOException {
    return BodyAhead.peek(request, most, timeoutNanos);
  }

  @Override
  public @Nullable PeerIdentity peer() {
    return connection.peer();
  }

  @Override
  public @Nullable String indicatedServerName() {
    return connection.serverName();
  }

  private static String text(MessageBytes bytes) {
    String text = bytes.toString();
    return text == null ? "" : text;
  }
}
