package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.protocol.HttpClientContext;

/** {@code connectEndpoint}: the connection of this attempt comes not from the pool. */
final class FreshAdvice {
  private FreshAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.Argument(0) HttpClientContext context)
      throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient5.FreshHook")
        .enter(null, context, null, null);
  }
}
