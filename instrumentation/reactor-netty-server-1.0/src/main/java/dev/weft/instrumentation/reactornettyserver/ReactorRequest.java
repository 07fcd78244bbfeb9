package dev.weft.instrumentation.reactornettyserver;

import dev.weft.agent.extension.GatedRequest;
import dev.weft.dataplane.inbound.AnswerEdits;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.MeshHeaders;
import dev.weft.dataplane.inbound.RequestTargets;
import dev.weft.instrumentation.nettyserver.NettyConnections;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerRequest;

/**
 * A request of Reactor Netty as the mesh sees it: as it came on the wire, whatever the application
 * is told of it by a proxy. For the event loop that serves the request, until it is over.
 */
final class ReactorRequest extends GatedRequest {
  private final HttpServerRequest request;
  private final boolean stream;
  private final Channel below;
  private final Channel channel;

  ReactorRequest(HttpServerRequest request, Channel channel, MeshConnection connection) {
    super(connection);
    this.request = request;
    this.channel = channel;
    this.below = NettyConnections.connection(channel);
    this.stream = below != channel;
  }

  /**
   * Takes the mesh's own headers out.
   *
   * @return whether there is a trace or a deadline, which calls of the application must carry on
   */
  static boolean stripMeshHeaders(HttpHeaders headers) {
    List<CharSequence> reserved = Collections.emptyList();
    boolean carries = false;
    Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
    while (each.hasNext()) {
      String name = each.next().getKey().toString();
      if (MeshHeaders.isReserved(name)) {
        reserved = reserved.isEmpty() ? new ArrayList<>(2) : reserved;
        reserved.add(name);
      } else {
        carries |= MeshHeaders.isCarriedOn(name);
      }
    }
    for (CharSequence name : reserved) {
      headers.remove(name);
    }
    return carries;
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String scheme() {
    return request.scheme();
  }

  @Override
  public @Nullable String protocolVersion() {
    if (stream) {
      return "2";
    }
    HttpVersion version = request.version();
    return HttpVersion.HTTP_1_1.equals(version)
        ? "1.1"
        : HttpVersion.HTTP_1_0.equals(version) ? "1.0" : null;
  }

  @Override
  public List<String> headers(String name) {
    return request.requestHeaders().getAll(name);
  }

  @Override
  public Iterable<String> headerNames() {
    return request.requestHeaders().names();
  }

  @Override
  public String rawPath() {
    return RequestTargets.pathAndQuery(request.uri());
  }

  @Override
  public String decodedPath() {
    return request.fullPath();
  }

  @Override
  public String remoteAddress() {
    return NettyConnections.remoteAddress(below);
  }

  @Override
  public String localAddress() {
    return NettyConnections.localAddress(below);
  }

  @Override
  public int localPort() {
    return NettyConnections.port(below);
  }

  @Override
  public void setHeader(String name, String value) {
    request.requestHeaders().set(name, value);
  }

  @Override
  public void removeHeader(String name) {
    request.requestHeaders().remove(name);
  }

  /**
   * From any thread. The application hears of what is told after that, so what it then writes comes
   * to the event loop after it, too.
   */
  @Override
  public void tellCaller(String name, String value, boolean serving) {
    EventLoop loop = channel.eventLoop();
    if (loop.inEventLoop()) {
      tell(name, value);
    } else {
      loop.execute(() -> tell(name, value));
    }
  }

  private void tell(String name, String value) {
    if (channel.isActive() && AnswerHeaders.isServed(request, channel)) {
      setAnswerHeader(name, value);
    }
  }

  @Override
  protected AnswerEdits openAnswer() {
    AnswerEdits edits = new AnswerEdits();
    channel
        .pipeline()
        .addBefore(NettyPipeline.ReactiveBridge, null, new AnswerHeaders(edits, request));
    return edits;
  }
}
