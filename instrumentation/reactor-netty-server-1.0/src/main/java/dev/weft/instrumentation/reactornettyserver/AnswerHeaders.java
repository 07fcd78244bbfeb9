package dev.weft.instrumentation.reactornettyserver;

import dev.weft.dataplane.inbound.AnswerEdits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Writes headers of the mesh over those of the application, in the next answer on its channel, and
 * is gone then: Reactor Netty begins with a request when the one before is answered. What came too
 * late for its own answer is not written into another one.
 */
final class AnswerHeaders extends ChannelOutboundHandlerAdapter {
  private final AnswerEdits edits;
  private final HttpServerRequest request;

  AnswerHeaders(AnswerEdits edits, HttpServerRequest request) {
    this.edits = edits;
    this.request = request;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse && isFinal((HttpResponse) message)) {
      if (isServed(request, context.channel())) {
        HttpHeaders written = ((HttpResponse) message).headers();
        edits.write(written::set, written::add);
      }
      super.write(context, message, promise);
      if (!context.isRemoved()) {
        context.pipeline().remove(this);
      }
    } else {
      super.write(context, message, promise);
    }
  }

  /** Whether what goes out on a channel answers this request, rather than one that came later. */
  static boolean isServed(HttpServerRequest request, Channel channel) {
    return ChannelOperations.get(channel) == request;
  }

  private static boolean isFinal(HttpResponse answer) {
    return answer.status().codeClass() != HttpStatusClass.INFORMATIONAL
        || answer.status().code() == 101;
  }
}
