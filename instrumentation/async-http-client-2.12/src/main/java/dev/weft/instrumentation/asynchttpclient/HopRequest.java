package dev.weft.instrumentation.asynchttpclient;

import dev.weft.instrumentation.nettyclient.HeadEdits;
import org.asynchttpclient.Request;
import org.asynchttpclient.netty.NettyResponseFuture;
import org.asynchttpclient.uri.Uri;

/** One hop as the mesh sees it. */
final class HopRequest extends HeadEdits {
  private final Request request;
  private final NettyResponseFuture<?> future;

  HopRequest(Request request, NettyResponseFuture<?> future) {
    super(request.getHeaders());
    this.request = request;
    this.future = future;
  }

  static String schemeOf(Request request) {
    return request.getUri().isSecured() ? "https" : "http";
  }

  static String authorityOf(Request request) {
    Uri uri = request.getUri();
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String scheme() {
    return schemeOf(request);
  }

  @Override
  public String authority() {
    return authorityOf(request);
  }

  @Override
  public String path() {
    String path = request.getUri().toRelativeUrl();
    return path.isEmpty() ? "/" : path;
  }

  /** Nothing is read of a body that the server was asked about and did not ask for. */
  @Override
  public boolean replayable() {
    return super.replayable() || future.isDontWriteBodyBecauseExpectContinue();
  }
}
