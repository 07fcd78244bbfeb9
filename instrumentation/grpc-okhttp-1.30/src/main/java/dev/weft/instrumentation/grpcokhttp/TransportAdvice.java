package dev.weft.instrumentation.grpcokhttp;

import dev.weft.bootstrap.Hooks;
import java.net.InetSocketAddress;
import javax.net.SocketFactory;
import net.bytebuddy.asm.Advice;

/**
 * {@code OkHttpClientTransport.<init>}: a connection, before it is made. The address of an instance
 * is one that leads nowhere: when the hook fails, so does connecting.
 */
final class TransportAdvice {
  private TransportAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("address") InetSocketAddress address,
      @Advice.FieldValue(value = "socketFactory", readOnly = false) SocketFactory sockets)
      throws Throwable {
    sockets =
        (SocketFactory)
            Hooks.find(owner, "dev.weft.instrumentation.grpcokhttp.TransportHook")
                .enter(null, address, sockets, null);
  }
}
