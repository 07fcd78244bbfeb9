package dev.weft.instrumentation.grpcnetty;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/**
 * gRPC's servers over Netty: mTLS on their connections, and which ports they have. Nothing is lost
 * without it: every peer is nobody then, and the gate decides on that.
 */
public class GrpcNettyServerModule extends InstrumentationModule {
  private static final String NEGOTIATOR = "protocolNegotiator";

  private final String unit;
  private final String transport;
  private final String own;

  /** For the service loader. */
  public GrpcNettyServerModule() {
    this("grpc-netty-1.30", "io.grpc.netty.", "dev.weft.instrumentation.grpcnetty.");
  }

  /** For {@code grpc-netty-shaded}, as of {@link GrpcNettyModule}. */
  protected GrpcNettyServerModule(String unit, String transport, String own) {
    this.unit = unit;
    this.transport = transport;
    this.own = own;
  }

  @Override
  public final String name() {
    return unit + "-server";
  }

  @Override
  public final Library library() {
    return Library.named("gRPC over Netty, server")
        .versions("1.30", "2")
        .versionFromConstant("io.grpc.internal.GrpcUtil", "IMPLEMENTATION_VERSION")
        .requires(transport + "NettyServerTransport", "start", "channel", NEGOTIATOR)
        .requires(transport + "NettyServer", "start", "shutdown", NEGOTIATOR)
        .requires(transport + "ProtocolNegotiator", "scheme")
        .opens(transport.substring(0, transport.length() - 1))
        .build();
  }

  @Override
  public final Role role() {
    return Role.OBSERVING;
  }

  @Override
  public final List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(transport + "NettyServerTransport", bind("start", "AcceptAdvice")),
        TypeInstrumentation.of(
            transport + "NettyServer",
            bind("start", "ListenAdvice"),
            bind("shutdown", "CloseAdvice")));
  }

  private AdviceBinding bind(String method, String advice) {
    return AdviceBinding.of(method, AdviceBinding.ANY, own + advice);
  }
}
