package dev.weft.instrumentation.jetty.core;

import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * On {@code Server.handle} of Jetty 12: no handler runs without a permit. An {@link Outcome} is a
 * refusal that is being written; no answer at all is a hook that failed.
 */
final class GateAdvice {
  private GateAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(value = 0, readOnly = false) Request request,
      @Advice.Argument(1) Response response,
      @Advice.Argument(2) Callback callback,
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer)
      throws Throwable {
    hook = Hooks.find(owner, "dev.weft.instrumentation.jetty.core.GateHook");
    request =
        (Request)
            Hooks.find(owner, "dev.weft.instrumentation.jetty.core.WrapHook")
                .exit(response, callback, request, null);
    answer = hook.enter(null, request, request, null);
    return answer instanceof Outcome ? null : answer;
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit(
      @Advice.Argument(1) Response response,
      @Advice.Argument(2) Callback callback,
      @Advice.Local("hook") @Nullable Hook hook,
      @Advice.Local("answer") @Nullable Object answer,
      @Advice.Return(readOnly = false) boolean handled,
      @Advice.Thrown @Nullable Throwable thrown)
      throws Throwable {
    if (answer == null) {
      response.setStatus(503);
      callback.succeeded();
    }
    if (answer == null || answer instanceof Outcome) {
      handled = true;
    }
    if (hook != null) {
      hook.exit(answer, null, null, thrown);
    }
  }
}
