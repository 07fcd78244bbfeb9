package dev.weft.instrumentation.tomcat;

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
 * Apache Tomcat 8.5 to 11: mTLS on its NIO connectors, and what happens around a request.
 *
 * <p>Apart from the gate, because these methods must never be closed: Tomcat's poller would loop on
 * the failure. Nothing is lost by it. Without them every peer is nobody, and the gate, which is
 * closed or in force, decides on that.
 */
public final class TomcatTransportModule extends InstrumentationModule {
  private static final String PACKAGE = TomcatModule.PACKAGE;
  private static final String NIO = "org.apache.tomcat.util.net.NioEndpoint";

  /** For the service loader. */
  public TomcatTransportModule() {
    super("tomcat-8.5-transport", Role.OBSERVING, TomcatModule.LIBRARY);
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            "org.apache.coyote.AbstractProcessor",
            AdviceBinding.of("setSocketWrapper", AdviceBinding.ANY, PACKAGE + "ConnectionAdvice")),
        TypeInstrumentation.of(
            "org.apache.coyote.http11.AbstractHttp11Protocol",
            AdviceBinding.of(
                "getNegotiatedProtocol",
                "(Ljava/lang/String;)Lorg/apache/coyote/UpgradeProtocol;",
                PACKAGE + "Http2Advice")),
        TypeInstrumentation.of(
            "org.apache.catalina.connector.Request",
            // The request is over, synchronous or asynchronous, and its answer is still readable.
            AdviceBinding.of(
                "recycle", "()V", HookCall.before(PACKAGE + "ConclusionHook", self()))),
        TypeInstrumentation.of(
            NIO,
            AdviceBinding.of(
                "setSocketOptions",
                "(Ljava/nio/channels/SocketChannel;)Z",
                PACKAGE + "AcceptAdvice"),
            AdviceBinding.of("startInternal", "()V", PACKAGE + "StartAdvice"),
            AdviceBinding.of("stopInternal", "()V", HookCall.stopping(PACKAGE + "PortHook"))),
        TypeInstrumentation.of(
            NIO + "$NioSocketWrapper",
            AdviceBinding.of("getSslSupport", AdviceBinding.ANY, PACKAGE + "TlsViewAdvice")),
        // Every poller calls it once a second at least: finds the connectors that listened before
        // the agent came.
        TypeInstrumentation.of(
            NIO + "$Poller",
            AdviceBinding.of(
                "events", "()Z", HookCall.polling(PACKAGE + "PortHook", field("this$0")))));
  }
}
