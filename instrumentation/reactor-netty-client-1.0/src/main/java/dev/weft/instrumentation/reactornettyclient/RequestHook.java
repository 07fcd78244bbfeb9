package dev.weft.instrumentation.reactornettyclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.instrumentation.nettyclient.HeadEdits;
import dev.weft.instrumentation.nettyclient.RequestTap;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientRequest;

/** Sends a request again as it was sent first, though its body can be read only once. */
public final class RequestHook extends MeshHook {
  /** For the hook loader. */
  public RequestHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object operations,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    RequestTap tap = operations == null ? null : RequestTap.of(((Connection) operations).channel());
    HeadEdits request = tap == null ? null : tap.request();
    HttpHeaders written = request == null ? null : request.written();
    byte[] body = request == null ? null : request.replay();
    // Without a body the library may have marked the head as sent already.
    if (operations == null || written == null || body == null || body.length == 0) {
      return result;
    }
    ((HttpClientRequest) operations).requestHeaders().clear().add(written);
    return ((NettyOutbound) operations).send(Flux.just(Unpooled.wrappedBuffer(body)));
  }
}
