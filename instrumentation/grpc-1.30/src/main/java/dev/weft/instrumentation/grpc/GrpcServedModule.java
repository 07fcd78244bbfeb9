package dev.weft.instrumentation.grpc;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
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
  public GrpcServedModule() {}

  @Override
  public String name() {
    return "grpc-1.30-served";
  }

  @Override
  public Library library() {
    return GrpcServerModule.LIBRARY;
  }

  @Override
  public Role role() {
    return Role.OBSERVING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            GrpcServerModule.TRACERS,
            AdviceBinding.of(
                "newServerContext",
                GrpcServerModule.NEW_TRACERS,
                GrpcServerModule.ADVICE + "TracersAdvice")),
        TypeInstrumentation.of(
            GrpcServerModule.RUNNABLE,
            AdviceBinding.of("run", "()V", GrpcServerModule.ADVICE + "RunAdvice")));
  }
}
