package dev.weft.instrumentation.httpserver;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/**
 * On {@code ServerImpl.Dispatcher.reRegister}: a connection that has not made a request is watched
 * as a new one; there may be more of these than of idle ones.
 */
final class RegisterAdvice {
  private RegisterAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object dispatcher,
      @Advice.Argument(0) Object connection)
      throws Throwable {
    return Hooks.find(owner, "dev.weft.instrumentation.httpserver.RegisterHook")
            .enter(dispatcher, connection, null, null)
        instanceof Outcome;
  }
}
