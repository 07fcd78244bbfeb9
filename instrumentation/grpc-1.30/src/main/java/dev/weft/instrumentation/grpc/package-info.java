/**
 * gRPC above its transports: which instance a call goes to, and who may call. Transports are
 * secured by the units that know them, and connect to an {@link
 * dev.weft.instrumentation.grpc.InstanceAddress} only then.
 */
package dev.weft.instrumentation.grpc;
