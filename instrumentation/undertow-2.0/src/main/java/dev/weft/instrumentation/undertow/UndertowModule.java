package dev.weft.instrumentation.undertow;

import static dev.weft.agent.extension.HandedValue.argument;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.GateModule;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** Undertow 2, embedded and in WildFly: the gate before its root handler. */
public final class UndertowModule extends GateModule {
  /** For the service loader. */
  public UndertowModule() {
    super("undertow-2.0", LIBRARY);
  }

  /** One object for both modules: it is looked for once. */
  static final Library LIBRARY = undertow();

  static final String PACKAGE = "dev.weft.instrumentation.undertow.";
  static final String LISTENER = "io.undertow.server.protocol.http.HttpOpenListener";
  static final String ACCEPT =
      "(Lorg/xnio/StreamConnection;Lio/undertow/connector/PooledByteBuffer;)V";
  private static final String EXECUTE =
      "(Lio/undertow/server/HttpHandler;Lio/undertow/server/HttpServerExchange;)V";

  /** What both modules are for, so that one never applies without the other. */
  static Library undertow() {
    return Library.named("Undertow")
        .versions("2.0", "3")
        .versionFrom("io/undertow/version.properties", "undertow.version")
        .requires("io.undertow.server.Connectors", "executeRootHandler" + EXECUTE)
        .requires(LISTENER, "handleEvent" + ACCEPT)
        .requiresOneOf(
            "io.undertow.protocols.ssl.UndertowSslConnection",
            "<init>" + SecuredConnections.OF_THREE,
            "<init>" + SecuredConnections.OF_FOUR)
        .build();
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            "io.undertow.server.Connectors",
            AdviceBinding.of(
                "executeRootHandler",
                EXECUTE,
                HookCall.gate(
                    PACKAGE + "GateHook",
                    PACKAGE + "GateAdvice",
                    argument(0),
                    argument(1),
                    argument(1)))));
  }
}
