package dev.weft.instrumentation.grpcnettyshaded;

import dev.weft.instrumentation.grpcnetty.GrpcNettyServerModule;

/** {@link GrpcNettyServerModule} for {@code grpc-netty-shaded}. */
public final class GrpcNettyShadedServerModule extends GrpcNettyServerModule {
  /** For the service loader. */
  public GrpcNettyShadedServerModule() {
    super(
        "grpc-netty-shaded-1.30",
        "io.grpc.netty.shaded.io.grpc.netty.",
        "dev.weft.instrumentation.grpcnettyshaded.");
  }
}
