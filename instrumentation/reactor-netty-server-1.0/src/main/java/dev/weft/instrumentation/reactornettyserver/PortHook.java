package dev.weft.instrumentation.reactornettyserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.instrumentation.nettyserver.NettyConnections;
import io.netty.channel.socket.DatagramChannel;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServerConfig;

/** Reports the port of a server that has begun to listen. */
public final class PortHook extends MeshHook {
  private final Field config;

  /** Made by the agent, once per class loader of Reactor Netty. */
  public PortHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    config =
        Class.forName(ReactorNettyServerModule.BIND, false, DisposableServer.class.getClassLoader())
            .getDeclaredField("config");
    config.setAccessible(true);
  }

  /**
   * @param self a server that listens, of HTTP or of another protocol
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c)
      throws ReflectiveOperationException {
    DisposableServer server = (DisposableServer) self;
    Object found = config.get(server);
    if (server != null
        && found instanceof HttpServerConfig
        && !(server.channel() instanceof DatagramChannel)) {
      boolean acceptsMesh = ((HttpServerConfig) found).sslProvider() == null;
      NettyConnections.listening(server.channel(), context().dataPlane().ports(), acceptsMesh);
    }
    return null;
  }
}
