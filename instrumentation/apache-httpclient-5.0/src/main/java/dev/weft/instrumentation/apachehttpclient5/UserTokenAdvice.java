package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code DefaultUserTokenHandler.getUserToken}: the mesh's identity is no user's. */
final class UserTokenAdvice {
  private UserTokenAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.AllArguments Object[] arguments,
      @Advice.Return(readOnly = false) @Nullable Object token)
      throws Throwable {
    token =
        Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient5.UserTokenHook")
            .exit(null, arguments[arguments.length - 1], token, null);
  }
}
