package dev.weft.instrumentation.httpurlconnection;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.net.URLConnection;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code Handler.openConnection}: for a host of the mesh, a connection of ours. */
final class OpenAdvice {
  private OpenAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(0) Object url,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.httpurlconnection.OpenHook")
            .enter(self, url, null, null);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) @Nullable URLConnection result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = (URLConnection) Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
