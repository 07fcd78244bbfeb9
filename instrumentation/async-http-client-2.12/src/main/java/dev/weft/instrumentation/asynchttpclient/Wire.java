package dev.weft.instrumentation.asynchttpclient;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.instrumentation.nettyclient.HeadEdits;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.asynchttpclient.AsyncHandler;
import org.asynchttpclient.HttpResponseBodyPart;
import org.asynchttpclient.Request;
import org.asynchttpclient.RequestBuilder;
import org.asynchttpclient.netty.NettyResponseFuture;
import org.asynchttpclient.netty.NettyResponseStatus;
import org.asynchttpclient.netty.OnLastHttpContentCallback;
import org.asynchttpclient.netty.channel.ChannelManager;
import org.asynchttpclient.netty.channel.Channels;
import org.asynchttpclient.netty.handler.intercept.Interceptors;
import org.asynchttpclient.netty.request.NettyRequestSender;
import org.asynchttpclient.proxy.ProxyServer;
import org.jspecify.annotations.Nullable;

/** What the library had at hand when a hop was sent. Immutable. */
final class Wire {
  private final Internals internals;
  private final NettyRequestSender sender;
  private final Request request;
  private final AsyncHandler<?> handler;
  private final NettyResponseFuture<?> future;

  Wire(
      Internals internals,
      NettyRequestSender sender,
      Request request,
      AsyncHandler<?> handler,
      NettyResponseFuture<?> future) {
    this.internals = internals;
    this.sender = sender;
    this.request = request;
    this.handler = handler;
    this.future = future;
  }

  NettyResponseFuture<?> future() {
    return future;
  }

  /** To the application a wait in the mesh is one for the answer, as behind a sidecar. */
  long patienceMillis() {
    return internals.readTimeoutMillis(sender, request);
  }

  /** Gives a channel back that the library would use for the next hop: another may be picked. */
  void giveBack(@Nullable Sent before) {
    Attempt attempt = before == null ? null : before.attempt();
    Channel channel = future.channel();
    if (future.isReuseChannel() && channel != null && attempt != null) {
      internals
          .channels(sender)
          .tryToOfferChannelToPool(channel, handler, future.isKeepAlive(), attempt.poolKey());
    }
    future.setReuseChannel(false);
  }

  /** Sends an attempt the library's own way. */
  @SuppressWarnings({"unchecked", "rawtypes", "FutureReturnValueIgnored"}) // the future is known
  void send(Attempt attempt, HopRequest hop) {
    RequestBuilder builder =
        request.toBuilder()
            .setProxyServer(noProxy())
            .setChannelPoolPartitioning(new InstancePartitioning(attempt));
    HttpHeaders written = hop.written();
    byte[] body = hop.replay();
    if (written != null && body != null && body.length > 0) {
      builder.setBody(body);
      builder.setHeaders(written.copy().remove("content-length").remove("transfer-encoding"));
    }
    future.attachChannel(null, false);
    future.setHeadersAlreadyWrittenOnContinue(false);
    future.setDontWriteBodyBecauseExpectContinue(
        "100-continue".equalsIgnoreCase(request.getHeaders().get("expect")));
    future.pendingException = null;
    sender.sendRequest(builder.build(), (AsyncHandler) handler, (NettyResponseFuture) future);
  }

  /**
   * Keeps the library from asking who the proxy is, also where the client has one for all hosts.
   */
  private ProxyServer noProxy() {
    return new ProxyServer.Builder("direct.invalid", 1)
        .setNonProxyHost(request.getUri().getHost())
        .build();
  }

  /** Whatever the library does with a response, it does with the request of the application. */
  void answered() {
    future.setCurrentRequest(request);
  }

  /** Has a response that nobody wants read, and its channel given back. */
  void drain(Channel channel, Attempt attempt, CompletableFuture<@Nullable Void> over) {
    ChannelManager channels = internals.channels(sender);
    boolean keepAlive = future.isKeepAlive();
    Channels.setAttribute(
        channel,
        new OnLastHttpContentCallback(future) {
          @Override
          public void call() {
            channels.tryToOfferChannelToPool(channel, handler, keepAlive, attempt.poolKey());
            over.complete(null);
          }
        });
  }

  /** Whether the library goes on by itself, as with any response, on a channel to nowhere. */
  private boolean isDealtWith(HttpResponse head, NettyResponseStatus status) throws Exception {
    answered();
    future.setKeepAlive(false); // nothing is left to be read
    return new Interceptors(internals.config(sender), internals.channels(sender), sender)
        .exitAfterIntercept(new EmbeddedChannel(), future, handler, head, status, head.headers());
  }

  /** Ends an attempt whose time is over. */
  void close() {
    future.cancelTimeouts();
    Channel channel = future.channel();
    if (channel != null) {
      Channels.setDiscard(channel);
      Channels.silentlyCloseChannel(channel);
    }
  }

  /**
   * Has the library receive a response over no network: it follows a redirect, or the application
   * gets it.
   */
  void answer(LocalReply reply) {
    try {
      HttpResponse head = HeadEdits.head(reply);
      NettyResponseStatus status = new NettyResponseStatus(request.getUri(), head, null);
      if (isDealtWith(head, status)) {
        return;
      }
      boolean goesOn =
          handler.onStatusReceived(status) == AsyncHandler.State.CONTINUE
              && handler.onHeadersReceived(head.headers()) == AsyncHandler.State.CONTINUE;
      if (!goesOn) {
        future.done();
        return;
      }
      HttpResponseBodyPart part =
          internals
              .config(sender)
              .getResponseBodyPartFactory()
              .newResponseBodyPart(Unpooled.wrappedBuffer(reply.content()), true);
      if (!StreamedAnswer.take(handler, part, future::done)) {
        handler.onBodyPartReceived(part);
        future.done();
      }
    } catch (Throwable e) {
      future.abort(e); // of the application's handler, as the library does it
    }
  }
}
