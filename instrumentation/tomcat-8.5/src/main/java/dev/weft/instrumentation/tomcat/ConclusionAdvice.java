package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.catalina.connector.Request;

/**
 * On {@code Request.recycle}: the request is over, synchronous or asynchronous, and its answer is
 * still readable.
 */
final class ConclusionAdvice {
  private ConclusionAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin Class<?> owner, @Advice.This Request request) throws Throwable {
    Hooks.find(owner, "dev.weft.instrumentation.tomcat.ConclusionHook")
        .enter(request, null, null, null);
  }
}
