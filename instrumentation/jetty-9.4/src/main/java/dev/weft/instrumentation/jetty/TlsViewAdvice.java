package dev.weft.instrumentation.jetty;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.Request;

/**
 * On {@code SecureRequestCustomizer.customize} of Jetty 9.4 to 11: a plaintext connector that has
 * one, because it shares its configuration with another, does not turn {@code https} by mesh mTLS.
 */
final class TlsViewAdvice {
  private TlsViewAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.Origin Class<?> owner, @Advice.Argument(2) Request request)
      throws Throwable {
    return Hooks.find(owner, "dev.weft.instrumentation.jetty.TlsViewHook")
            .enter(request, null, null, null)
        instanceof Outcome;
  }
}
