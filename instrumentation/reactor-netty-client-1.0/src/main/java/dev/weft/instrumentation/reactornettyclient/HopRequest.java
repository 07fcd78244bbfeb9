package dev.weft.instrumentation.reactornettyclient;

import dev.weft.instrumentation.nettyclient.HeadEdits;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;

/**
 * One hop as the mesh sees it. Headers that the application sets while sending come later, unless
 * they were announced.
 */
final class HopRequest extends HeadEdits {
  private final String method;
  private final String scheme;
  private final String host;
  private final int port;
  private final String path;

  HopRequest(
      String method, boolean secure, InetSocketAddress remote, String path, HttpHeaders headers) {
    super(headers);
    this.method = method;
    this.scheme = secure ? "https" : "http";
    this.host = remote.getHostString();
    this.port = remote.getPort();
    this.path = path;
  }

  String host() {
    return host;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public String authority() {
    return port == 80 ? host : host + ":" + port;
  }

  @Override
  public String path() {
    return path.isEmpty() ? "/" : path;
  }
}
