package dev.weft.instrumentation.grpc;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.field;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.GateModule;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** gRPC's servers, over any transport: the gate before their services. */
public final class GrpcServerModule extends GateModule {
  /** One object for both modules: it is looked for once. */
  static final Library LIBRARY = grpc();

  static final String PACKAGE = "dev.weft.instrumentation.grpc.";
  static final String TRACERS = "io.grpc.internal.StatsTraceContext";
  static final String NEW_TRACERS =
      "(Ljava/util/List;Ljava/lang/String;Lio/grpc/Metadata;)Lio/grpc/internal/StatsTraceContext;";
  static final String RUNNABLE = "io.grpc.internal.ContextRunnable";
  private static final String STREAMS = "io.grpc.internal.ServerImpl$ServerTransportListenerImpl";
  private static final String CREATED =
      "(Lio/grpc/internal/ServerStream;Ljava/lang/String;Lio/grpc/Metadata;)V";

  /** For the service loader. */
  public GrpcServerModule() {
    super("grpc-1.30-server", LIBRARY);
  }

  /** What both modules are for, so that one never applies without the other. */
  private static Library grpc() {
    return Library.named("gRPC, server")
        .versions("1.30", "2")
        .versionFromConstant("io.grpc.internal.GrpcUtil", "IMPLEMENTATION_VERSION")
        .requires(
            STREAMS, "streamCreated" + CREATED, "transport:Lio/grpc/internal/ServerTransport;")
        .requires(TRACERS, "newServerContext" + NEW_TRACERS)
        .requires(RUNNABLE, "run()V", "context:Lio/grpc/Context;")
        .build();
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            STREAMS,
            AdviceBinding.of(
                "streamCreated",
                CREATED,
                HookCall.gate(
                    PACKAGE + "StreamHook",
                    PACKAGE + "StreamAdvice",
                    field("transport"),
                    argument(0),
                    argument(1),
                    argument(2)))));
  }
}
