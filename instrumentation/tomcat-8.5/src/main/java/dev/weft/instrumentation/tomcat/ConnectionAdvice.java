package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * On {@code AbstractProcessor.setSocketWrapper}: notes at the request which connection it came on.
 * Whatever goes wrong, the note of an earlier connection is gone; the gate refuses {@code FALSE}.
 */
final class ConnectionAdvice {
  private ConnectionAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("request") Request request,
      @Advice.Argument(0) @Nullable SocketWrapperBase<?> socket)
      throws Throwable {
    request.setNote(31, false);
    request.setNote(
        31,
        Hooks.find(owner, "dev.weft.instrumentation.tomcat.ConnectionHook")
            .enter(request, socket, null, null));
  }
}
