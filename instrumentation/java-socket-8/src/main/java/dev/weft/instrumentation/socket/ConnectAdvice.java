package dev.weft.instrumentation.socket;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.VirtualNames;
import java.net.SocketAddress;
import java.net.SocketImpl;
import net.bytebuddy.asm.Advice;

/** {@code Socket.connect}: to a virtual address, another implementation of the socket connects. */
final class ConnectAdvice {
  private ConnectAdvice() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(0) SocketAddress endpoint,
      @Advice.FieldValue(value = "impl", readOnly = false) SocketImpl impl)
      throws Throwable {
    if (VirtualNames.isVirtual(endpoint)) {
      try {
        impl =
            (SocketImpl)
                Hooks.find(owner, "dev.weft.instrumentation.socket.ConnectHook")
                    .exit(endpoint, self, impl, null);
      } catch (Throwable t) {
        throw Outcome.refusal(t);
      }
    }
  }
}
