/**
 * gRPC over the Netty that {@code grpc-netty-shaded} has in itself. Advice and hooks are those for
 * {@code grpc-netty}: the build makes copies of them that have the other names.
 */
package dev.weft.instrumentation.grpcnettyshaded;
