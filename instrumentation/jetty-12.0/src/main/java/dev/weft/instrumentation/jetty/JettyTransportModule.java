package dev.weft.instrumentation.jetty;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
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
  private static final String PACKAGE = JettyModule.PACKAGE;
  private static final String SERVER = JettyModule.SERVER;

  /** For the service loader. */
  public JettyTransportModule() {
    super("jetty-9.4-transport", Role.OBSERVING, JettyModule.LIBRARY);
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            SERVER + "ServerConnector$ServerConnectorManager",
            // Another connection sits before the one that Jetty made, and finds out what the client
            // speaks.
            AdviceBinding.of(
                "newConnection",
                AdviceBinding.ANY,
                HookCall.changesResult(PACKAGE + "ConnectHook", field("this$0")))),
        TypeInstrumentation.of(
            SERVER + "AbstractNetworkConnector",
            AdviceBinding.of("doStart", "()V", HookCall.listening(PACKAGE + "PortHook")),
            AdviceBinding.of("doStop", "()V", HookCall.stopping(PACKAGE + "PortHook"))),
        // Of Jetty up to 11; Jetty 12 lets the gate see the end of a request.
        TypeInstrumentation.of(
            SERVER + "HttpChannel",
            AdviceBinding.of(
                    "onCompleted", "()V", HookCall.before(PACKAGE + "ConclusionHook", self()))
                .optional()),
        TypeInstrumentation.of(
            SERVER + "SecureRequestCustomizer",
            // Of Jetty 9.4 to 11: a plaintext connector that has one, because it shares its
            // configuration with another, does not turn https by mesh mTLS.
            AdviceBinding.of(
                    "customize",
                    "(Lorg/eclipse/jetty/server/Connector;"
                        + "Lorg/eclipse/jetty/server/HttpConfiguration;"
                        + "Lorg/eclipse/jetty/server/Request;)V",
                    HookCall.skips(PACKAGE + "TlsViewHook", argument(2)))
                .optional()));
  }
}
