package dev.weft.instrumentation.springwebclient;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import reactor.core.publisher.Mono;

/** {@code DefaultExchangeFunction.exchange}: a request, after all filters, becomes a call. */
final class ExchangeAdvice {
  private ExchangeAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(0) Object request,
      @Advice.Return(readOnly = false) Mono<?> result)
      throws Throwable {
    result =
        (Mono<?>)
            Hooks.find(owner, "dev.weft.instrumentation.springwebclient.ExchangeHook")
                .exit(null, request, result, null);
  }
}
