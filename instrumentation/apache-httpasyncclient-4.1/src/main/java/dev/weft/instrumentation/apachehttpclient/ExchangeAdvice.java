package dev.weft.instrumentation.apachehttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * The constructor of exchange handlers: one is made for each call. It cannot refuse, as nobody
 * would tell the call's future and callback: when its hook fails, that of {@code requestConnection}
 * does.
 */
final class ExchangeAdvice {
  private ExchangeAdvice() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.AllArguments(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object[] parts) {
    Object[] changed = parts;
    Object outcome = null;
    try {
      outcome =
          Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient.ExchangeHook")
              .enter(null, changed, null, null);
    } catch (Throwable t) {
      outcome = null;
    }
    if (outcome == Permit.GRANTED) {
      parts = changed;
    }
  }
}
