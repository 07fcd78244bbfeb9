package dev.weft.instrumentation.reactornettyclient;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.reactivestreams.Publisher;

/** {@code HttpClientHandler.requestWithBody}: what writes the request on a connection. */
final class RequestAdvice {
  private RequestAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  @SuppressWarnings("unchecked")
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(value = 0, typing = Assigner.Typing.DYNAMIC) Object operations,
      @Advice.Return(readOnly = false) Publisher<Void> result)
      throws Throwable {
    result =
        (Publisher<Void>)
            Hooks.find(owner, "dev.weft.instrumentation.reactornettyclient.RequestHook")
                .exit(null, operations, result, null);
  }
}
