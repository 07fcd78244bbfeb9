package dev.weft.instrumentation.reactornettyserver;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** Reactor Netty's {@code HttpServer}: the gate before its handler. */
public final class ReactorNettyServerModule extends InstrumentationModule {
  /** One object for both modules: it is looked for once. */
  static final Library LIBRARY = reactorNetty();

  static final String ADVICE = "dev.weft.instrumentation.reactornettyserver.";
  static final String INITIALIZER =
      "reactor.netty.http.server.HttpServerConfig$HttpServerChannelInitializer";
  static final String INIT =
      "(Lreactor/netty/ConnectionObserver;Lio/netty/channel/Channel;Ljava/net/SocketAddress;)V";
  static final String BIND = "reactor.netty.transport.ServerTransport$DisposableBind";
  static final String BOUND = "(Lio/netty/channel/Channel;)V";
  private static final String OPERATIONS = "reactor.netty.http.server.HttpServerOperations";
  private static final String NEXT =
      "(Lio/netty/channel/ChannelHandlerContext;Ljava/lang/Object;)V";

  @Override
  public String name() {
    return "reactor-netty-server-1.0";
  }

  @Override
  public Library library() {
    return LIBRARY;
  }

  /** What both modules are for, so that one never applies without the other. */
  static Library reactorNetty() {
    return Library.named("Reactor Netty")
        .versions("1.0", "2")
        .versionFromManifest("reactor.netty.http.server.HttpServer")
        .requires(OPERATIONS, "onInboundNext" + NEXT)
        .requires(
            INITIALIZER, "onChannelInit" + INIT, "sslProvider:Lreactor/netty/tcp/SslProvider;")
        .requires(BIND, "onNext" + BOUND, "config:Lreactor/netty/transport/TransportConfig;")
        .build();
  }

  @Override
  public Role role() {
    return Role.ENFORCING;
  }

  @Override
  public boolean guardsApplication() {
    return true;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            OPERATIONS, AdviceBinding.of("onInboundNext", NEXT, ADVICE + "RequestAdvice")));
  }
}
