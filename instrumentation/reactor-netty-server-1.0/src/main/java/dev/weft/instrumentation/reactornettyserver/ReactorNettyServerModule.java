package dev.weft.instrumentation.reactornettyserver;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.GateModule;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** Reactor Netty's {@code HttpServer}: the gate before its handler. */
public final class ReactorNettyServerModule extends GateModule {
  /** For the service loader. */
  public ReactorNettyServerModule() {
    super("reactor-netty-server-1.0", LIBRARY);
  }

  /** One object for both modules: it is looked for once. */
  static final Library LIBRARY = reactorNetty();

  static final String PACKAGE = "dev.weft.instrumentation.reactornettyserver.";
  static final String INITIALIZER =
      "reactor.netty.http.server.HttpServerConfig$HttpServerChannelInitializer";
  static final String INIT =
      "(Lreactor/netty/ConnectionObserver;Lio/netty/channel/Channel;Ljava/net/SocketAddress;)V";
  static final String BIND = "reactor.netty.transport.ServerTransport$DisposableBind";
  static final String BOUND = "(Lio/netty/channel/Channel;)V";
  private static final String OPERATIONS = "reactor.netty.http.server.HttpServerOperations";
  private static final String NEXT =
      "(Lio/netty/channel/ChannelHandlerContext;Ljava/lang/Object;)V";

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
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            OPERATIONS,
            AdviceBinding.of(
                "onInboundNext",
                NEXT,
                HookCall.gate(
                    PACKAGE + "RequestHook",
                    PACKAGE + "RequestAdvice",
                    self(),
                    argument(1),
                    argument(0)))));
  }
}
