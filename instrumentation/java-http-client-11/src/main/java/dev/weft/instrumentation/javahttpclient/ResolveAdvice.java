package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import java.net.InetSocketAddress;
import net.bytebuddy.asm.Advice;

/** {@code Utils.resolveAddress}, just before connecting: from the pool key to the instance. */
final class ResolveAdvice {
  private ResolveAdvice() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(value = 0, readOnly = false) InetSocketAddress address)
      throws Throwable {
    try {
      address =
          (InetSocketAddress)
              Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.ResolveHook")
                  .exit(null, null, address, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
