package dev.weft.instrumentation.tomcat;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.net.NioEndpoint;

/**
 * On {@code NioEndpoint.Poller.events}, which every poller calls once a second at least: finds the
 * connectors that listened before the agent came.
 */
final class PollAdvice {
  private PollAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Origin Class<?> owner, @Advice.FieldValue("this$0") NioEndpoint endpoint)
      throws Throwable {
    Hooks.findNow(owner, "dev.weft.instrumentation.tomcat.PortHook")
        .enter(endpoint, null, null, null);
  }
}
