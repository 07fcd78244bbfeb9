package dev.weft.instrumentation.undertow;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.protocol.http.HttpOpenListener;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * On {@code HttpOpenListener.handleEvent}: an {@link Outcome} says that our hook hears the
 * connection first, and comes back here when it knows what is spoken. Without it the connection is
 * taken for plaintext, and the gate decides on that.
 */
final class AcceptAdvice {
  private AcceptAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(
      @Advice.Origin Class<?> owner,
      @Advice.This HttpOpenListener listener,
      @Advice.Argument(0) StreamConnection connection,
      @Advice.Argument(1) @Nullable PooledByteBuffer heard)
      throws Throwable {
    return Hooks.find(owner, "dev.weft.instrumentation.undertow.AcceptHook")
            .enter(listener, connection, heard, null)
        instanceof Outcome;
  }
}
