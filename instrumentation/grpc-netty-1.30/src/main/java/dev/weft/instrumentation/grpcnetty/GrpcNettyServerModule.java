package dev.weft.instrumentation.grpcnetty;

import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
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

  private final String transport;
  private final String own;

  /** For the service loader. */
  public GrpcNettyServerModule() {
    this("grpc-netty-1.30", "io.grpc.netty.", "dev.weft.instrumentation.grpcnetty.");
  }

  /** For {@code grpc-netty-shaded}, as of {@link GrpcNettyModule}. */
  protected GrpcNettyServerModule(String unit, String transport, String own) {
    super(
        unit + "-server",
        Role.OBSERVING,
        Library.named("gRPC over Netty, server")
            .versions("1.30", "2")
            .versionFromConstant("io.grpc.internal.GrpcUtil", "IMPLEMENTATION_VERSION")
            .requires(transport + "NettyServerTransport", "start", "channel", NEGOTIATOR)
            .requires(transport + "NettyServer", "start", "shutdown", NEGOTIATOR)
            .requires(transport + "ProtocolNegotiator", "scheme")
            .opens(transport.substring(0, transport.length() - 1))
            .build());
    this.transport = transport;
    this.own = own;
  }

  @Override
  public final List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            transport + "NettyServerTransport",
            // Gives a connection its handlers. Without our own among them it is taken for
            // plaintext, and the gate decides on that.
            bind(
                "start",
                HookCall.before(own + "AcceptHook", self(), field("channel"), field(NEGOTIATOR)))),
        TypeInstrumentation.of(
            transport + "NettyServer",
            bind("start", HookCall.after(own + "ListenHook", self(), field(NEGOTIATOR))),
            bind("shutdown", HookCall.stopping(own + "ListenHook"))));
  }

  private static AdviceBinding bind(String method, HookCall call) {
    return AdviceBinding.of(method, AdviceBinding.ANY, call);
  }
}
