package dev.weft.instrumentation.jetty.core;

import dev.weft.agent.extension.GatedRequest;
import dev.weft.dataplane.IpText;
import dev.weft.dataplane.inbound.AnswerEdits;
import dev.weft.dataplane.inbound.MeshConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.List;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * A request of Jetty 12 as the mesh sees it. Its path is what the handlers will be chosen by; which
 * servlet that is, is not known at the gate. For the thread that serves the request.
 */
final class CoreRequest extends GatedRequest {
  private final MeshRequest request;

  CoreRequest(MeshRequest request, MeshConnection connection) {
    super(connection);
    this.request = request;
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String scheme() {
    return text(request.getHttpURI().getScheme());
  }

  @Override
  public @Nullable String protocolVersion() {
    HttpVersion version = request.getConnectionMetaData().getHttpVersion();
    if (version == HttpVersion.HTTP_1_1) {
      return "1.1";
    }
    return version == HttpVersion.HTTP_2 ? "2" : version == HttpVersion.HTTP_1_0 ? "1.0" : null;
  }

  @Override
  public List<String> headers(String name) {
    List<String> values = request.getHeaders().getValuesList(name);
    if (values.isEmpty()
        && "host".equalsIgnoreCase(name)
        && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2) {
      String authority = request.getHttpURI().getAuthority();
      return authority == null ? values : Collections.singletonList(authority);
    }
    return Collections.unmodifiableList(values);
  }

  @Override
  public Iterable<String> headerNames() {
    return request.getHeaders().getFieldNamesCollection();
  }

  @Override
  public String rawPath() {
    return text(request.getHttpURI().getPathQuery());
  }

  @Override
  public String decodedPath() {
    return text(request.getHttpURI().getDecodedPath());
  }

  /** The socket's peer, also where a customizer of the application says otherwise. */
  @Override
  public String remoteAddress() {
    return IpText.of(endPoint().getRemoteSocketAddress());
  }

  @Override
  public String localAddress() {
    return IpText.of(endPoint().getLocalSocketAddress());
  }

  @Override
  public int localPort() {
    SocketAddress local = endPoint().getLocalSocketAddress();
    return local instanceof InetSocketAddress ? ((InetSocketAddress) local).getPort() : 0;
  }

  @Override
  public void setHeader(String name, String value) {
    request.replace(name, value);
  }

  @Override
  public void removeHeader(String name) {
    if (request.getHeaders().contains(name)) {
      request.replace(name, null);
    }
  }

  @Override
  public boolean tellsCallers() {
    return true;
  }

  @Override
  protected AnswerEdits openAnswer() {
    AnswerEdits edits = new AnswerEdits();
    request.addHttpStreamWrapper(stream -> new AnsweringStream(stream, edits));
    return edits;
  }

  @Override
  public byte[] peekBody(int most, long timeoutNanos) throws IOException {
    return request.peekBody(most, timeoutNanos);
  }

  private EndPoint endPoint() {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
