/**
 * gRPC's transport over OkHttp, for channels: the sockets of its connections to instances. What
 * calls are is the business of {@code dev.weft.instrumentation.grpc}.
 */
package dev.weft.instrumentation.grpcokhttp;
