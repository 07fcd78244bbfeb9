package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
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
  private static final String ADVICE = TomcatModule.ADVICE;
  private static final String NIO = "org.apache.tomcat.util.net.NioEndpoint";

  @Override
  public String name() {
    return "tomcat-8.5-transport";
  }

  @Override
  public Library library() {
    return TomcatModule.LIBRARY;
  }

  @Override
  public Role role() {
    return Role.OBSERVING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            "org.apache.coyote.AbstractProcessor",
            AdviceBinding.of("setSocketWrapper", AdviceBinding.ANY, ADVICE + "ConnectionAdvice")),
        TypeInstrumentation.of(
            "org.apache.coyote.http11.AbstractHttp11Protocol",
            AdviceBinding.of(
                "getNegotiatedProtocol",
                "(Ljava/lang/String;)Lorg/apache/coyote/UpgradeProtocol;",
                ADVICE + "Http2Advice")),
        TypeInstrumentation.of(
            "org.apache.catalina.connector.Request",
            AdviceBinding.of("recycle", "()V", ADVICE + "ConclusionAdvice")),
        TypeInstrumentation.of(
            NIO,
            AdviceBinding.of(
                "setSocketOptions",
                "(Ljava/nio/channels/SocketChannel;)Z",
                ADVICE + "AcceptAdvice"),
            AdviceBinding.of("startInternal", "()V", ADVICE + "StartAdvice"),
            AdviceBinding.of("stopInternal", "()V", ADVICE + "StopAdvice")),
        TypeInstrumentation.of(
            NIO + "$NioSocketWrapper",
            AdviceBinding.of("getSslSupport", AdviceBinding.ANY, ADVICE + "TlsViewAdvice")),
        TypeInstrumentation.of(
            NIO + "$Poller", AdviceBinding.of("events", "()Z", ADVICE + "PollAdvice")));
  }
}
