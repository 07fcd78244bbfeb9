package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/**
 * Apache Tomcat 8.5 to 11: mTLS on its NIO2 connectors. Apart from the rest, which a Tomcat whose
 * NIO2 has another shape keeps: the gate decides on connectors that are not woven.
 */
public final class TomcatNio2Module extends InstrumentationModule {
  private static final String PACKAGE = TomcatModule.PACKAGE;
  private static final String NET = "org.apache.tomcat.util.net.";
  private static final String NIO2 = NET + "Nio2Endpoint";
  private static final String ASYNCHRONOUS = "(Ljava/nio/channels/AsynchronousSocketChannel;)Z";

  /** For the service loader. */
  public TomcatNio2Module() {
    super(
        "tomcat-8.5-nio2",
        Role.OBSERVING,
        TomcatModule.tomcat()
            .requires(
                NET + "Nio2Endpoint",
                "nioChannels:Lorg/apache/tomcat/util/collections/SynchronizedStack;",
                "setSocketOptions(Ljava/nio/channels/AsynchronousSocketChannel;)Z")
            .requires(
                NET + "SecureNio2Channel",
                "<init>(Lorg/apache/tomcat/util/net/SocketBufferHandler;"
                    + "Lorg/apache/tomcat/util/net/Nio2Endpoint;)V",
                "netInBuffer:Ljava/nio/ByteBuffer;",
                "netOutBuffer:Ljava/nio/ByteBuffer;",
                "sslEngine:Ljavax/net/ssl/SSLEngine;",
                "sniComplete:Z",
                "handshakeStatus:Ljavax/net/ssl/SSLEngineResult$HandshakeStatus;",
                "reset(Ljava/nio/channels/AsynchronousSocketChannel;"
                    + "Lorg/apache/tomcat/util/net/SocketWrapperBase;)V",
                "handshake()I")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            NIO2,
            AdviceBinding.of("setSocketOptions", ASYNCHRONOUS, PACKAGE + "AcceptAdvice"),
            AdviceBinding.of("setSocketOptions", ASYNCHRONOUS, PACKAGE + "StartAdvice"),
            AdviceBinding.of("startInternal", "()V", PACKAGE + "StartAdvice"),
            AdviceBinding.of("stopInternal", "()V", HookCall.stopping(PACKAGE + "PortHook"))),
        TypeInstrumentation.of(
            NIO2 + "$Nio2SocketWrapper",
            AdviceBinding.of("getSslSupport", AdviceBinding.ANY, PACKAGE + "TlsViewAdvice")));
  }
}
