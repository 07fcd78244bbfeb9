package dev.weft.instrumentation.apachehttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** The constructor of exchange handlers: one is made for each call. */
final class ExchangeAdvice {
  private ExchangeAdvice() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.AllArguments(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object[] parts)
      throws Throwable {
    Object[] changed = parts;
    Object outcome = null;
    try {
      outcome =
          Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient.ExchangeHook")
              .enter(null, changed, null, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
    if (outcome != Permit.GRANTED) {
      throw Outcome.failure(outcome);
    }
    parts = changed;
  }
}
