package dev.weft.instrumentation.grpc;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.nothing;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** gRPC's channels: what is woven, and where. */
public final class GrpcClientModule extends InstrumentationModule {
  static final String CHANNEL = "io.grpc.internal.ManagedChannelImpl";
  private static final String BALANCERS = "io.grpc.internal.AutoConfiguredLoadBalancerFactory";
  static final String BALANCER = BALANCERS + "$AutoConfiguredLoadBalancer";
  private static final String PACKAGE = "dev.weft.instrumentation.grpc.";

  /** Not the bridge, which calls this one. */
  private static final String NEW_BALANCER =
      "(Lio/grpc/LoadBalancer$Helper;)"
          + "Lio/grpc/internal/AutoConfiguredLoadBalancerFactory$AutoConfiguredLoadBalancer;";

  /** For the service loader. */
  public GrpcClientModule() {
    super(
        "grpc-1.30-client",
        Role.ENFORCING,
        Library.named("gRPC, client")
            .versions("1.30", "2")
            .versionFromConstant("io.grpc.internal.GrpcUtil", "IMPLEMENTATION_VERSION")
            .requires(
                CHANNEL,
                "nameResolverArgs:Lio/grpc/NameResolver$Args;",
                "executor:Ljava/util/concurrent/Executor;",
                "lbHelper",
                "scheduledExecutor",
                "syncContext:Lio/grpc/SynchronizationContext;",
                "enterIdle()V")
            .requires(CHANNEL + "$RealChannel", "newCall")
            .requires(BALANCERS, "newLoadBalancer" + NEW_BALANCER)
            .requires(BALANCER, "shutdown()V", "helper:Lio/grpc/LoadBalancer$Helper;")
            .opens("io.grpc.internal")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            CHANNEL + "$RealChannel",
            AdviceBinding.of(
                "newCall",
                AdviceBinding.ANY,
                HookCall.decides(
                        PACKAGE + "CallHook",
                        self(),
                        argument(0, "io.grpc.MethodDescriptor"),
                        argument(1, "io.grpc.CallOptions"))
                    .leavingBy(PACKAGE + "CallAdvice"))),
        TypeInstrumentation.of(
            BALANCERS,
            // A channel leaves idleness. May fail: one whose balancer is not ours makes no call
            // into the mesh.
            AdviceBinding.of(
                "newLoadBalancer",
                NEW_BALANCER,
                HookCall.changesArgument(
                    argument(0), PACKAGE + "BalancerHook", nothing(), argument(0)))),
        TypeInstrumentation.of(
            BALANCER, AdviceBinding.of("shutdown", "()V", PACKAGE + "ShutdownAdvice")));
  }
}
