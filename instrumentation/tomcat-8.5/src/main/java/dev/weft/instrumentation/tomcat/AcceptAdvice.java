package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * On {@code NioEndpoint.setSocketOptions}: the endpoint takes its channel from our stack. Skipped,
 * the method answers false, and Tomcat's acceptor closes the socket.
 */
final class AcceptAdvice {
  private AcceptAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  @SuppressWarnings("unchecked")
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This NioEndpoint endpoint,
      @Advice.FieldValue(value = "nioChannels", readOnly = false)
          SynchronizedStack<NioChannel> channels)
      throws Throwable {
    Object answer =
        Hooks.find(owner, "dev.weft.instrumentation.tomcat.AcceptHook")
            .enter(endpoint, channels, null, null);
    if (answer instanceof SynchronizedStack) {
      channels = (SynchronizedStack<NioChannel>) answer;
    }
    return answer;
  }
}
