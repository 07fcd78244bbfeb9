package dev.weft.instrumentation.grpc;

import dev.weft.dataplane.filter.LocalReply;
import io.grpc.Status;

/** Statuses of HTTP as those of gRPC, by gRPC's own table, which Envoy has, too. */
final class Statuses {
  private Statuses() {}

  /** What the mesh answers: the status of gRPC that it names, else that of its status of HTTP. */
  static Status of(LocalReply reply) {
    int named = reply.grpcStatus();
    return named < 0 ? of(reply.status()) : Status.fromCodeValue(named);
  }

  /** The status that a client of gRPC makes of a response that is not gRPC's. */
  static Status of(int http) {
    switch (http) {
      case 400:
        return Status.INTERNAL;
      case 401:
        return Status.UNAUTHENTICATED;
      case 403:
        return Status.PERMISSION_DENIED;
      case 404:
        return Status.UNIMPLEMENTED;
      case 429:
      case 502:
      case 503:
      case 504:
        return Status.UNAVAILABLE;
      default:
        return Status.UNKNOWN;
    }
  }
}
