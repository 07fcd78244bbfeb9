package dev.weft.instrumentation.httpserver;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.nothing;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.GateModule;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** {@code HttpServer} of the Java runtime: the gate before its filters and handlers. */
public final class HttpServerModule extends GateModule {
  /** For the service loader. */
  public HttpServerModule() {
    super("jdk-httpserver-8", LIBRARY);
  }

  /** One object for both modules: it is looked for once. */
  static final Library LIBRARY = httpServer();

  static final String PACKAGE = "dev.weft.instrumentation.httpserver.";
  static final String SERVER = "sun.net.httpserver.";

  /** What both modules are for, so that one never applies without the other. */
  static Library httpServer() {
    return Library.named("com.sun.net.httpserver.HttpServer")
        .versions("17", null)
        .versionOfJavaRuntime()
        .requires("com.sun.net.httpserver.Filter$Chain", "doFilter")
        .requires(
            SERVER + "ServerImpl",
            "https:Z",
            "selector:Ljava/nio/channels/Selector;",
            "reqConnections:Ljava/util/Set;",
            "closeConnection",
            "addEvent",
            "getAddress")
        .requires(
            SERVER + "ServerImpl$Dispatcher",
            "connsToRegister:Ljava/util/ArrayList;",
            "handle",
            "reRegister")
        .requires(SERVER + "ServerImpl$Exchange", "sendReply(IZLjava/lang/String;)V")
        .requires(SERVER + "HttpConnection", "chan:Ljava/nio/channels/SocketChannel;", "getChannel")
        .requires(SERVER + "ExchangeImpl", "connection", "reqHdrs", "close", "rcode")
        .requires(SERVER + "Request$ReadStream", "channel:Ljava/nio/channels/SocketChannel;")
        .opens("sun.net.httpserver")
        .build();
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            "com.sun.net.httpserver.Filter$Chain",
            AdviceBinding.of(
                "doFilter",
                "(Lcom/sun/net/httpserver/HttpExchange;)V",
                HookCall.gate(
                    PACKAGE + "FilterHook",
                    PACKAGE + "GateAdvice",
                    nothing(),
                    argument(0),
                    argument(0)))));
  }
}
