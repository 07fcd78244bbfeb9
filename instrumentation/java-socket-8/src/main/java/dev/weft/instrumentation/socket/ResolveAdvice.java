package dev.weft.instrumentation.socket;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.bootstrap.VirtualNames;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** {@code InetAddress.getAllByName}, which all other look-ups end in. */
final class ResolveAdvice {
  private ResolveAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.Argument(0) String host,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    if (!VirtualNames.has(host)) {
      return Permit.GRANTED;
    }
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.socket.ResolveHook")
            .enter(null, host, null, null);
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Argument(0) String host,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) InetAddress @Nullable [] result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = (InetAddress[]) Outcome.value(outcome);
      thrown = result == null ? new UnknownHostException(host) : null;
    }
  }
}
