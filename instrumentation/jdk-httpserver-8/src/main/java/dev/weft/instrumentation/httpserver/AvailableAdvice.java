package dev.weft.instrumentation.httpserver;

import dev.weft.bootstrap.Hooks;
import java.nio.channels.SocketChannel;
import net.bytebuddy.asm.Advice;

/**
 * On {@code Request.ReadStream.available}, by which the server tells whether the next request is
 * there already: what TLS holds decrypted no selector would see.
 */
final class AvailableAdvice {
  private AvailableAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("channel") SocketChannel channel,
      @Advice.Return(readOnly = false) int available)
      throws Throwable {
    Object answer =
        Hooks.find(owner, "dev.weft.instrumentation.httpserver.AvailableHook")
            .exit(null, channel, available, null);
    if (answer instanceof Integer) {
      available = (Integer) answer;
    }
  }
}
