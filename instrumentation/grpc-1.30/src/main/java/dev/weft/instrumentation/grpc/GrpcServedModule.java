package dev.weft.instrumentation.grpc;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.nothing;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/**
 * gRPC's servers: when a call is over, and its trace and deadline in gRPC's context. Apart from the
 * gate, because a server without these serves all the same.
 */
public final class GrpcServedModule extends InstrumentationModule {
  /** For the service loader. */
  public GrpcServedModule() {
    super("grpc-1.30-served", Role.OBSERVING, GrpcServerModule.LIBRARY);
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            GrpcServerModule.TRACERS,
            AdviceBinding.of(
                "newServerContext",
                GrpcServerModule.NEW_TRACERS,
                HookCall.changesArgument(
                    argument(0),
                    GrpcServerModule.PACKAGE + "TracersHook",
                    nothing(),
                    argument(0)))),
        TypeInstrumentation.of(
            GrpcServerModule.RUNNABLE,
            AdviceBinding.of(
                "run",
                "()V",
                HookCall.around(GrpcServerModule.PACKAGE + "RunHook", field("context")))));
  }
}
