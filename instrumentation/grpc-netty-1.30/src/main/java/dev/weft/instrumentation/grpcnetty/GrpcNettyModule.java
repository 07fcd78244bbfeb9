package dev.weft.instrumentation.grpcnetty;

import dev.weft.agent.extension.AdviceBinding;
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
  private final String unit;
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
    this.unit = unit;
    this.transport = transport;
    this.own = own;
  }

  @Override
  public final String name() {
    return unit + "-client";
  }

  @Override
  public final Library library() {
    return Library.named("gRPC over Netty, client")
        .versions("1.30", "2")
        .versionFromConstant("io.grpc.internal.GrpcUtil", "IMPLEMENTATION_VERSION")
        .requires(transport + "WriteBufferingAndExceptionHandler", "connect")
        .build();
  }

  @Override
  public final Role role() {
    return Role.ENFORCING;
  }

  @Override
  public final List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            transport + "WriteBufferingAndExceptionHandler",
            AdviceBinding.of("connect", AdviceBinding.ANY, own + "ConnectAdvice")));
  }
}
