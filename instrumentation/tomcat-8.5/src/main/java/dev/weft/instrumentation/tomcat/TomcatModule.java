package dev.weft.instrumentation.tomcat;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.nothing;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.GateModule;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** Apache Tomcat 8.5 to 11, embedded and stand-alone: the gate before its web applications. */
public final class TomcatModule extends GateModule {
  /** For the service loader. */
  public TomcatModule() {
    super("tomcat-8.5", LIBRARY);
  }

  /** One object for both modules: it is looked for once. */
  static final Library LIBRARY = tomcat().build();

  static final String PACKAGE = "dev.weft.instrumentation.tomcat.";
  private static final String NET = "org.apache.tomcat.util.net.";

  /** What all modules are for, so that the gate and the transport never apply without the other. */
  static Library.Builder tomcat() {
    return Library.named("Apache Tomcat")
        // Nothing earlier is shown to work; the TLS code of 8.5.15 does not even run on JDK 17.
        .versions("8.5.43", "12")
        .except("9.0", "9.0.16")
        .versionFrom("org/apache/catalina/util/ServerInfo.properties", "server.number")
        .requires("org.apache.catalina.core.StandardEngineValve", "invoke")
        .requires("org.apache.catalina.connector.Request", "getNote", "recycle()V")
        .requires(
            "org.apache.coyote.AbstractProcessor",
            "request:Lorg/apache/coyote/Request;",
            "setSocketWrapper")
        .requires(
            "org.apache.coyote.http11.AbstractHttp11Protocol",
            "getNegotiatedProtocol(Ljava/lang/String;)Lorg/apache/coyote/UpgradeProtocol;",
            "getUpgradeProtocol(Ljava/lang/String;)Lorg/apache/coyote/UpgradeProtocol;")
        .requires(
            NET + "NioEndpoint",
            "nioChannels:Lorg/apache/tomcat/util/collections/SynchronizedStack;",
            "setSocketOptions(Ljava/nio/channels/SocketChannel;)Z")
        .requiresOneOf(
            NET + "NioChannel",
            "reset()V",
            "reset(Ljava/nio/channels/SocketChannel;"
                + "Lorg/apache/tomcat/util/net/NioEndpoint$NioSocketWrapper;)V")
        .requiresOneOf(
            NET + "SecureNioChannel",
            "<init>(Ljava/nio/channels/SocketChannel;"
                + "Lorg/apache/tomcat/util/net/SocketBufferHandler;"
                + "Lorg/apache/tomcat/util/net/NioSelectorPool;"
                + "Lorg/apache/tomcat/util/net/NioEndpoint;)V",
            "<init>(Lorg/apache/tomcat/util/net/SocketBufferHandler;"
                + "Lorg/apache/tomcat/util/net/NioSelectorPool;"
                + "Lorg/apache/tomcat/util/net/NioEndpoint;)V",
            "<init>(Lorg/apache/tomcat/util/net/SocketBufferHandler;"
                + "Lorg/apache/tomcat/util/net/NioEndpoint;)V")
        .requires(
            NET + "SecureNioChannel",
            "netInBuffer:Ljava/nio/ByteBuffer;",
            "sslEngine:Ljavax/net/ssl/SSLEngine;",
            "sniComplete:Z",
            "handshake(ZZ)I");
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            "org.apache.catalina.core.StandardEngineValve",
            AdviceBinding.of(
                "invoke",
                AdviceBinding.ANY,
                HookCall.gate(
                    PACKAGE + "GateHook",
                    PACKAGE + "GateAdvice",
                    nothing(),
                    argument(0),
                    argument(1)))));
  }
}
