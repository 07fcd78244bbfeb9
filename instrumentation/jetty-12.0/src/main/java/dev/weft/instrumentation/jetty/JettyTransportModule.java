package dev.weft.instrumentation.jetty;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/**
 * Eclipse Jetty 9.4 to 12: mTLS on its connectors, and what happens around a request.
 *
 * <p>Apart from the gate, because a connector must never be closed. Nothing is lost by it: without
 * these every peer is nobody, and the gate, which is closed or in force, decides on that.
 */
public final class JettyTransportModule extends InstrumentationModule {
  private static final String ADVICE = JettyModule.ADVICE;
  private static final String SERVER = JettyModule.SERVER;

  @Override
  public String name() {
    return "jetty-9.4-transport";
  }

  @Override
  public Library library() {
    return JettyModule.LIBRARY;
  }

  @Override
  public Role role() {
    return Role.OBSERVING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            SERVER + "ServerConnector$ServerConnectorManager",
            AdviceBinding.of("newConnection", AdviceBinding.ANY, ADVICE + "ConnectAdvice")),
        TypeInstrumentation.of(
            SERVER + "AbstractNetworkConnector",
            AdviceBinding.of("doStart", "()V", ADVICE + "StartAdvice"),
            AdviceBinding.of("doStop", "()V", ADVICE + "StopAdvice")),
        // Of Jetty up to 11; Jetty 12 lets the gate see the end of a request.
        TypeInstrumentation.of(
            SERVER + "HttpChannel",
            AdviceBinding.of("onCompleted", "()V", ADVICE + "ConclusionAdvice").optional()),
        TypeInstrumentation.of(
            SERVER + "SecureRequestCustomizer",
            AdviceBinding.of(
                    "customize",
                    "(Lorg/eclipse/jetty/server/Connector;"
                        + "Lorg/eclipse/jetty/server/HttpConfiguration;"
                        + "Lorg/eclipse/jetty/server/Request;)V",
                    ADVICE + "TlsViewAdvice")
                .optional()));
  }
}
