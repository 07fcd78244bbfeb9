package dev.weft.instrumentation.undertow;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** Undertow 2, embedded and in WildFly: the gate before its root handler. */
public final class UndertowModule extends InstrumentationModule {
  /** One object for both modules: it is looked for once. */
  static final Library LIBRARY = undertow();

  static final String ADVICE = "dev.weft.instrumentation.undertow.";
  static final String LISTENER = "io.undertow.server.protocol.http.HttpOpenListener";
  static final String ACCEPT =
      "(Lorg/xnio/StreamConnection;Lio/undertow/connector/PooledByteBuffer;)V";
  private static final String EXECUTE =
      "(Lio/undertow/server/HttpHandler;Lio/undertow/server/HttpServerExchange;)V";

  @Override
  public String name() {
    return "undertow-2.0";
  }

  @Override
  public Library library() {
    return LIBRARY;
  }

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
            "io.undertow.server.Connectors",
            AdviceBinding.of("executeRootHandler", EXECUTE, ADVICE + "GateAdvice")));
  }
}
