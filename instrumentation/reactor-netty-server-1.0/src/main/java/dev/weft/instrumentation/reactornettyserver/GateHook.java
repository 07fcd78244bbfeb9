package dev.weft.instrumentation.reactornettyserver;

import dev.weft.agent.extension.Bindings;
import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.RequestGate;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.instrumentation.nettyserver.NettyConnections;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The gate before the handler of Reactor Netty, which requests of every protocol come to. */
final class GateHook extends RequestGate<HttpServerRequest, HttpServerResponse> {
  /** Those that were held back and come again. */
  private final Bindings<InboundExchange> judged = new Bindings<>();

  GateHook(HookContext context) {
    super(context);
  }

  /** A request comes here once, unless it was held back. */
  @Override
  protected @Nullable InboundExchange kept(HttpServerRequest request) {
    return judged.remove(request);
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

  /** Its body, as far as it comes meanwhile, waits for the handler as it always does. */
  @Override
  protected boolean waitElsewhere(
      InboundExchange exchange, HttpServerRequest request, @Nullable Object through) {
    if (!(through instanceof Arrival)) {
      return false;
    }
    Arrival arrival = (Arrival) through;
    arrival.hold();
    keep(request, exchange);
    Channel channel = operations(request).channel();
    exchange.askElsewhere(
        () -> {
          try {
            channel.eventLoop().execute(() -> goOn(exchange, request, arrival, channel));
          } catch (RejectedExecutionException stopped) {
            arrival.release();
          }
        });
    return true;
  }

  private void goOn(
      InboundExchange exchange, HttpServerRequest request, Arrival arrival, Channel channel) {
    LocalReply refusal = exchange.rejection();
    if (!channel.isActive() || ChannelOperations.get(channel) != request) {
      arrival.release(); // the client has gone
    } else if (refusal != null) {
      arrival.release();
      refuse(refusal, request, (HttpServerResponse) request);
    } else {
      judged.put(request, exchange);
      arrival.again();
      judged.remove(request);
    }
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
