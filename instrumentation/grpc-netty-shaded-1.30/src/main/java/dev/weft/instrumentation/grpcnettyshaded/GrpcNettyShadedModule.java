package dev.weft.instrumentation.grpcnettyshaded;

import dev.weft.instrumentation.grpcnetty.GrpcNettyModule;

/** {@link GrpcNettyModule} for {@code grpc-netty-shaded}. */
public final class GrpcNettyShadedModule extends GrpcNettyModule {
  /** For the service loader. */
  public GrpcNettyShadedModule() {
    super(
        "grpc-netty-shaded-1.30",
        "io.grpc.netty.shaded.io.grpc.netty.",
        "dev.weft.instrumentation.grpcnettyshaded.");
  }
}
