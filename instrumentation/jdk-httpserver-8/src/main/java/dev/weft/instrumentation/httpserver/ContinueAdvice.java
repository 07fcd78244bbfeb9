package dev.weft.instrumentation.httpserver;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** On {@code ServerImpl.Exchange.sendReply}: a body is asked for when its request is let in. */
final class ContinueAdvice {
  private ContinueAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object exchange,
      @Advice.FieldValue("connection") Object connection,
      @Advice.Argument(0) int code)
      throws Throwable {
    return Hooks.find(owner, "dev.weft.instrumentation.httpserver.ContinueHook")
            .enter(exchange, connection, code, null)
        instanceof Outcome;
  }
}
