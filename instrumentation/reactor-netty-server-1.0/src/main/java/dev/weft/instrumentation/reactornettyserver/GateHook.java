package dev.weft.instrumentation.reactornettyserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.RequestGate;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.instrumentation.nettyserver.NettyConnections;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The gate before the handler of Reactor Netty, which requests of every protocol come to. */
final class GateHook extends RequestGate<HttpServerRequest, HttpServerResponse> {
  GateHook(HookContext context) {
    super(context);
  }

  /** A request comes here once. */
  @Override
  protected @Nullable InboundExchange kept(HttpServerRequest request) {
    return null;
  }

  @Override
  protected void keep(HttpServerRequest request, InboundExchange exchange) {
    HttpServerResponse answer = (HttpServerResponse) request;
    operations(request)
        .onTerminate()
        .subscribe(
            nothing -> {},
            failure -> exchange.conclude(answer.status().code(), failure),
            () -> exchange.conclude(answer.status().code(), null));
  }

  @Override
  protected boolean wasInside(HttpServerRequest request) {
    return false;
  }

  @Override
  protected MeshConnection connection(HttpServerRequest request) {
    MeshConnection connection = NettyConnections.of(operations(request).channel());
    if (connection.isTooOld(System.nanoTime())) {
      endAfterAnswer(request);
    }
    return connection;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what fails there ends the connection
  private static void endAfterAnswer(HttpServerRequest request) {
    if (NettyConnections.isStream(operations(request).channel())) {
      // Netty says GOAWAY, and waits for the streams there are.
      NettyConnections.connection(operations(request).channel()).close();
    } else {
      ((HttpServerResponse) request).keepAlive(false);
    }
  }

  @Override
  protected boolean strip(HttpServerRequest request) {
    return ReactorRequest.stripMeshHeaders(request.requestHeaders());
  }

  @Override
  protected InboundRequest adapt(HttpServerRequest request, MeshConnection connection) {
    return new ReactorRequest(request, operations(request).channel(), connection);
  }

  /** As a handler would, so that Reactor Netty treats an unread body as after any other answer. */
  @Override
  protected void refuse(LocalReply reply, HttpServerRequest request, HttpServerResponse answer) {
    byte[] body = reply.content();
    answer
        .status(reply.status())
        .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
    reply
        .headers()
        .forEach((name, values) -> values.forEach(value -> answer.addHeader(name, value)));
    Publisher<Void> sent =
        HttpMethod.HEAD.equals(request.method())
            ? answer.send()
            : answer.sendByteArray(Mono.just(body));
    sent.subscribe(operations(request).disposeSubscriber());
  }

  private static ChannelOperations<?, ?> operations(HttpServerRequest request) {
    return (ChannelOperations<?, ?>) request;
  }
}
