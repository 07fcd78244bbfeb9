package dev.weft.instrumentation.socket;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** Plain sockets to the services that {@code mesh.virtual-addresses} names. */
public final class SocketModule extends InstrumentationModule {
  private static final String RESOLVE = "getAllByName";
  private static final String RESOLVES = "(Ljava/lang/String;)[Ljava/net/InetAddress;";
  private static final String CONNECT = "connect";
  private static final String CONNECTS = "(Ljava/net/SocketAddress;I)V";
  private static final String PACKAGE = "dev.weft.instrumentation.socket.";

  /** For the service loader. */
  public SocketModule() {
    super(
        "java-socket-8",
        Role.ENFORCING,
        Library.named("java.net.Socket")
            .versions("1.8", null)
            .versionOfJavaRuntime()
            .requires("java.net.InetAddress", RESOLVE + RESOLVES)
            .requires("java.net.Socket", CONNECT + CONNECTS, "impl:Ljava/net/SocketImpl;")
            .opens("java.net")
            .build());
  }

  @Override
  public String optInSetting() {
    return "virtual-addresses";
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            "java.net.InetAddress", AdviceBinding.of(RESOLVE, RESOLVES, PACKAGE + "ResolveAdvice")),
        TypeInstrumentation.of(
            "java.net.Socket", AdviceBinding.of(CONNECT, CONNECTS, PACKAGE + "ConnectAdvice")));
  }
}
