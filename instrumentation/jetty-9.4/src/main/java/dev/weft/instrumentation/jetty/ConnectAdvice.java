package dev.weft.instrumentation.jetty;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ServerConnector;

/**
 * On {@code ServerConnector$ServerConnectorManager.newConnection}: another connection sits before
 * the one that Jetty made, and finds out what the client speaks.
 */
final class ConnectAdvice {
  private ConnectAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("this$0") ServerConnector connector,
      @Advice.Return(readOnly = false) Connection connection)
      throws Throwable {
    connection =
        (Connection)
            Hooks.find(owner, "dev.weft.instrumentation.jetty.ConnectHook")
                .exit(null, connector, connection, null);
  }
}
