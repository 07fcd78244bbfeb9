package dev.weft.instrumentation.reactornettyserver;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes headers of the mesh over those of the application, in the next answer on its channel, and
 * is gone then: Reactor Netty begins with a request when the one before is answered.
 */
final class AnswerHeaders extends ChannelOutboundHandlerAdapter {
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, List<String>> more = new LinkedHashMap<>();

  void set(String name, String value) {
    headers.put(name, value);
  }

  void add(String name, String value) {
    more.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse && isFinal((HttpResponse) message)) {
      HttpResponse answer = (HttpResponse) message;
      headers.forEach(answer.headers()::set);
      more.forEach(answer.headers()::add);
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
