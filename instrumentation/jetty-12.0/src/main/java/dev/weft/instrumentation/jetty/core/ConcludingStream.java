package dev.weft.instrumentation.jetty.core;

import dev.weft.dataplane.inbound.InboundExchange;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Concludes the exchange of a request when its stream ends. */
final class ConcludingStream extends HttpStream.Wrapper {
  private final InboundExchange exchange;
  private volatile int status;

  ConcludingStream(HttpStream stream, InboundExchange exchange) {
    super(stream);
    this.exchange = exchange;
  }

  @Override
  public void send(
      MetaData.Request request,
      MetaData.@Nullable Response response,
      boolean last,
      @Nullable ByteBuffer content,
      Callback callback) {
    if (response != null) {
      status = response.getStatus();
    }
    super.send(request, response, last, content, callback);
  }

  @Override
  public void succeeded() {
    exchange.conclude(status, null);
    super.succeeded();
  }

  @Override
  public void failed(Throwable failure) {
    exchange.conclude(status, failure);
    super.failed(failure);
  }
}
