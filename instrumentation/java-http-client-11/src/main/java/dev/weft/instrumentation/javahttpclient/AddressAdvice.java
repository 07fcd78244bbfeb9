package dev.weft.instrumentation.javahttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.net.InetSocketAddress;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code HttpRequestImpl.getAddress}: of an attempt, a name made of its pool key. A hook that fails
 * refuses the exchange: the address it would get otherwise is not the mesh's.
 */
final class AddressAdvice {
  private AddressAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.javahttpclient.AddressHook")
            .enter(self, null, null, null);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) @Nullable InetSocketAddress result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = (InetSocketAddress) Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
