package dev.weft.instrumentation.grpcokhttp;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/**
 * gRPC's transport over OkHttp: its connections to instances. Without it they cannot be made, as
 * nobody else has their addresses.
 */
public final class GrpcOkHttpModule extends InstrumentationModule {
  private static final String TRANSPORT = "io.grpc.okhttp.OkHttpClientTransport";

  /** For the service loader. */
  public GrpcOkHttpModule() {
    super(
        "grpc-okhttp-1.30-client",
        Role.ENFORCING,
        Library.named("gRPC over OkHttp, client")
            .versions("1.30", "2")
            .versionFromConstant("io.grpc.internal.GrpcUtil", "IMPLEMENTATION_VERSION")
            .requires(
                TRANSPORT,
                "address:Ljava/net/InetSocketAddress;",
                "socketFactory:Ljavax/net/SocketFactory;")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            TRANSPORT,
            AdviceBinding.of(
                "<init>",
                AdviceBinding.ANY,
                "dev.weft.instrumentation.grpcokhttp.TransportAdvice")));
  }
}
