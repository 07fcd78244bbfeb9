package dev.weft.instrumentation.jetty;

import dev.weft.agent.extension.GatedRequest;
import dev.weft.dataplane.inbound.AnswerEdits;
import dev.weft.dataplane.inbound.MeshConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request of Jetty 9.4 to 11 as the mesh sees it. Its path is what the handlers will be chosen
 * by; which servlet that is, is not known at the gate. For the thread that serves the request.
 */
final class JettyRequest extends GatedRequest {
  private final HttpChannel channel;
  private final Request request;

  /** As they came: an asynchronous dispatch gives the request another path. */
  private final String path;

  private final String decodedPath;
  private final @Nullable String query;

  JettyRequest(HttpChannel channel, MeshConnection connection) {
    super(connection);
    this.channel = channel;
    this.request = channel.getRequest();
    this.path = text(request.getRequestURI());
    this.decodedPath = text(request.getPathInfo());
    this.query = request.getQueryString();
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String scheme() {
    return request.getScheme();
  }

  @Override
  public @Nullable String protocolVersion() {
    HttpVersion version = request.getHttpVersion();
    if (version == HttpVersion.HTTP_1_1) {
      return "1.1";
    }
    return version == HttpVersion.HTTP_2 ? "2" : version == HttpVersion.HTTP_1_0 ? "1.0" : null;
  }

  @Override
  public List<String> headers(String name) {
    Enumeration<String> values = request.getHeaders(name);
    if (values == null || !values.hasMoreElements()) {
      return "host".equalsIgnoreCase(name) ? http2Authority() : Collections.emptyList();
    }
    List<String> all = new ArrayList<>(1);
    while (values.hasMoreElements()) {
      all.add(values.nextElement());
    }
    return Collections.unmodifiableList(all);
  }

  @Override
  public Iterable<String> headerNames() {
    return Collections.list(request.getHeaderNames());
  }

  /** What HTTP/2 sends in place of a Host header; none for HTTP/1. */
  private List<String> http2Authority() {
    String name = request.getHttpVersion() == HttpVersion.HTTP_2 ? request.getServerName() : null;
    if (name == null) {
      return Collections.emptyList();
    }
    int port = request.getServerPort();
    boolean standard = port <= 0 || port == ("https".equals(scheme()) ? 443 : 80);
    return Collections.singletonList(standard ? name : name + ":" + port);
  }

  @Override
  public String rawPath() {
    return query == null ? path : path + "?" + query;
  }

  @Override
  public String decodedPath() {
    return decodedPath;
  }

  /** The socket's peer, also where a customizer of the application says otherwise. */
  @Override
  public String remoteAddress() {
    return Peers.address(channel.getEndPoint());
  }

  @Override
  public String localAddress() {
    return Peers.localAddress(channel.getEndPoint());
  }

  @Override
  public int localPort() {
    return Peers.localPort(channel.getEndPoint());
  }

  @Override
  public void setHeader(String name, String value) {
    RequestFields.replace(request, name::equalsIgnoreCase, new HttpField(name, value));
  }

  @Override
  public void removeHeader(String name) {
    if (request.getHeader(name) != null) {
      RequestFields.replace(request, name::equalsIgnoreCase, null);
    }
  }

  @Override
  public boolean tellsCallers() {
    return true;
  }

  @Override
  protected AnswerEdits openAnswer() {
    return AnswerFields.of(channel.getResponse());
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
