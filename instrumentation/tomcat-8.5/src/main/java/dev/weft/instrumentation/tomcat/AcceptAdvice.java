package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.AbstractEndpoint;

/**
 * On {@code setSocketOptions} of {@code NioEndpoint} and {@code Nio2Endpoint}: the endpoint takes
 * its channel from our stack. When the hook fails, Tomcat takes its own, so that no connection is
 * lost to its count: nobody on it has a peer, and the gate decides on that.
 */
final class AcceptAdvice {
  private AcceptAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.This AbstractEndpoint<?> endpoint,
      @Advice.FieldValue(value = "nioChannels", readOnly = false) SynchronizedStack<?> channels)
      throws Throwable {
    Object answer =
        Hooks.find(owner, "dev.weft.instrumentation.tomcat.AcceptHook")
            .enter(endpoint, channels, null, null);
    if (answer instanceof SynchronizedStack) {
      channels = (SynchronizedStack<?>) answer;
    }
  }
}
