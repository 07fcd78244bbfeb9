package dev.weft.instrumentation.reactornettyserver;

import dev.weft.dataplane.inbound.AnswerEdits;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;

/**
 * Writes headers of the mesh over those of the application, in the next answer on its channel, and
 * is gone then: Reactor Netty begins with a request when the one before is answered.
 */
final class AnswerHeaders extends ChannelOutboundHandlerAdapter {
  private final AnswerEdits edits;

  AnswerHeaders(AnswerEdits edits) {
    this.edits = edits;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse && isFinal((HttpResponse) message)) {
      HttpHeaders written = ((HttpResponse) message).headers();
      edits.write(written::set, written::add);
      super.write(context, message, promise);
      if (!context.isRemoved()) {
        context.pipeline().remove(this);
      }
    } else {
      super.write(context, message, promise);
    }
  }

  private static boolean isFinal(HttpResponse answer) {
    return answer.status().codeClass() != HttpStatusClass.INFORMATIONAL
        || answer.status().code() == 101;
  }
}
