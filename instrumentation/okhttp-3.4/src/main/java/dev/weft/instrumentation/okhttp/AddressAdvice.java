package dev.weft.instrumentation.okhttp;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import okhttp3.Address;

/** Where a call's address is made, which is the pool's key: of an attempt, it is the instance's. */
final class AddressAdvice {
  private AddressAdvice() {}

  @Advice.OnMethodExit
  static void exit(@Advice.Origin Class<?> owner, @Advice.Return(readOnly = false) Address result)
      throws Throwable {
    try {
      result =
          (Address)
              Hooks.find(owner, "dev.weft.instrumentation.okhttp.AddressHook")
                  .exit(null, null, result, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
