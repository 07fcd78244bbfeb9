package dev.weft.instrumentation.jetty;

import dev.weft.dataplane.inbound.InboundExchange;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpOutput;
import org.jspecify.annotations.Nullable;

/**
 * Remembers a request's exchange as the first of its output's interceptors, which Jetty takes away
 * when it recycles the request: no class gets a field, and the application, which could list the
 * request's attributes, sees nothing.
 */
final class ExchangeNote extends PassingInterceptor {
  private final InboundExchange exchange;

  private ExchangeNote(HttpOutput.Interceptor next, InboundExchange exchange) {
    super(next);
    this.exchange = exchange;
  }

  /** The exchange of the channel's request, null for none. */
  static @Nullable InboundExchange of(HttpChannel channel) {
    HttpOutput.Interceptor at = channel.getResponse().getHttpOutput().getInterceptor();
    while (at != null) {
      if (at instanceof ExchangeNote) {
        return ((ExchangeNote) at).exchange;
      }
      at = at.getNextInterceptor();
    }
    return null;
  }

  /** Remembers the exchange until the request is recycled. */
  static void keep(HttpChannel channel, InboundExchange exchange) {
    HttpOutput output = channel.getResponse().getHttpOutput();
    output.setInterceptor(new ExchangeNote(output.getInterceptor(), exchange));
  }
}
