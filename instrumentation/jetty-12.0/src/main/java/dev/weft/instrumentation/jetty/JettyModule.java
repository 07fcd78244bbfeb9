package dev.weft.instrumentation.jetty;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.nothing;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.GateModule;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** Eclipse Jetty 9.4 to 12, embedded and stand-alone: the gate before its handlers. */
public final class JettyModule extends GateModule {
  /** For the service loader. */
  public JettyModule() {
    super("jetty-9.4", LIBRARY);
  }

  /** One object for both modules: it is looked for once. */
  static final Library LIBRARY = jetty();

  static final String PACKAGE = "dev.weft.instrumentation.jetty.";
  static final String SERVER = "org.eclipse.jetty.server.";

  private static final HookCall GATE =
      HookCall.gate(
          PACKAGE + "GateHook", PACKAGE + "GateAdvice", nothing(), argument(0), argument(0));
  private static final String CHANNEL = "(Lorg/eclipse/jetty/server/HttpChannel;)V";
  private static final String CORE =
      "(Lorg/eclipse/jetty/server/Request;Lorg/eclipse/jetty/server/Response;"
          + "Lorg/eclipse/jetty/util/Callback;)Z";

  /** What both modules are for, so that one never applies without the other. */
  static Library jetty() {
    return Library.named("Eclipse Jetty")
        // The first whose connections take over bytes that another one has read.
        .versions("9.4.15", "13")
        // The first whose end points say themselves whether they are secure.
        .except("12.0.0", "12.0.5")
        .versionFrom("META-INF/maven/org.eclipse.jetty/jetty-server/pom.properties", "version")
        .requiresOneOf(SERVER + "Server", "handle" + CHANNEL, "handle" + CORE)
        .requires(
            SERVER + "ServerConnector$ServerConnectorManager",
            "this$0:Lorg/eclipse/jetty/server/ServerConnector;",
            "newConnection")
        .requires(
            "org.eclipse.jetty.io.ssl.SslConnection",
            "<init>(Lorg/eclipse/jetty/io/ByteBufferPool;Ljava/util/concurrent/Executor;"
                + "Lorg/eclipse/jetty/io/EndPoint;Ljavax/net/ssl/SSLEngine;)V",
            "onUpgradeTo")
        .build();
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            SERVER + "Server",
            AdviceBinding.of("handle", CHANNEL, GATE).optional(),
            AdviceBinding.of("handleAsync", CHANNEL, GATE).optional(),
            AdviceBinding.of("handle", CORE, PACKAGE + "core.GateAdvice").optional()));
  }
}
