package dev.weft.instrumentation.grpcnetty;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.nothing;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/**
 * gRPC's transport over Netty: its connections to instances. Without it they cannot be made, as
 * nobody else has their addresses.
 */
public class GrpcNettyModule extends InstrumentationModule {
  private final String transport;
  private final String own;

  /** For the service loader. */
  public GrpcNettyModule() {
    this("grpc-netty-1.30", "io.grpc.netty.", "dev.weft.instrumentation.grpcnetty.");
  }

  /**
   * For {@code grpc-netty-shaded}, which has the same classes by other names.
   *
   * @param unit how the names of its modules begin
   * @param transport package of gRPC's transport, with its dot
   * @param own package of the advice for it, with its dot
   */
  protected GrpcNettyModule(String unit, String transport, String own) {
    super(
        unit + "-client",
        Role.ENFORCING,
        Library.named("gRPC over Netty, client")
            .versions("1.30", "2")
            .versionFromConstant("io.grpc.internal.GrpcUtil", "IMPLEMENTATION_VERSION")
            .requires(transport + "WriteBufferingAndExceptionHandler", "connect")
            .build());
    this.transport = transport;
    this.own = own;
  }

  @Override
  public final List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            transport + "WriteBufferingAndExceptionHandler",
            // The address of an instance is one that Netty cannot connect to: when the hook fails,
            // so does this.
            AdviceBinding.of(
                "connect",
                AdviceBinding.ANY,
                HookCall.changesArgument(
                    argument(1), own + "ConnectHook", nothing(), argument(0), argument(1)))));
  }
}
