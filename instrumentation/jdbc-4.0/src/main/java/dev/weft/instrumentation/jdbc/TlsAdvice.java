package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.CallDepth;
import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/**
 * Where a driver makes what its TLS needs: in a connect that policy wants secured, ours instead. A
 * defect there fails the handshake, for nothing is suppressed; other connects do not ask.
 */
final class TlsAdvice {
  private TlsAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
  static @Nullable Object enter(@Advice.Origin Class<?> owner, @Advice.Origin("#r") String type)
      throws Throwable {
    return CallDepth.depth("dev.weft.jdbc.tls") == 0
        ? null
        : Hooks.find(owner, "dev.weft.instrumentation.jdbc.TlsHook").enter(type, null, null, null);
  }

  @Advice.OnMethodExit
  static void exit(
      @Advice.Enter @Nullable Object ours,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) @Nullable Object result) {
    if (ours != null) {
      result = ours;
    }
  }
}
