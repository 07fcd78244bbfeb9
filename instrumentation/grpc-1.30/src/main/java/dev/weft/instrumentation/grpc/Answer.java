package dev.weft.instrumentation.grpc;

import dev.weft.dataplane.filter.LocalReply;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an attempt was answered, or what the mesh answers itself. For one thread at a time. */
final class Answer {
  private final @Nullable Sending<?> sending;
  private final @Nullable Status status;
  private final Metadata headers;

  /**
   * An answer.
   *
   * @param sending the attempt; null for an answer of the mesh
   * @param status how the call ended; null when it goes on with messages
   * @param headers its headers, or its trailers when it has ended
   */
  Answer(@Nullable Sending<?> sending, @Nullable Status status, Metadata headers) {
    this.sending = sending;
    this.status = status;
    this.headers = headers;
  }

  /** What the mesh answers, as a sidecar tells it to a client of gRPC. */
  static Answer local(LocalReply reply) {
    Metadata trailers = new Metadata();
    for (Map.Entry<String, List<String>> header : reply.headers().entrySet()) {
      if (!header.getKey().equalsIgnoreCase("content-type")) {
        header.getValue().forEach(value -> Entries.add(trailers, header.getKey(), value));
      }
    }
    return new Answer(null, Statuses.of(reply).withDescription(reply.reason()), trailers);
  }

  /** The end of a call that failed: gRPC's own status, or that of what the mesh could not do. */
  static Answer failed(@Nullable Throwable failure) {
    Throwable cause = failure == null ? new IllegalStateException("no answer") : failure;
    Metadata trailers = Status.trailersFromThrowable(cause);
    Status status =
        cause instanceof StatusRuntimeException
            ? ((StatusRuntimeException) cause).getStatus()
            : Status.UNAVAILABLE.withDescription(cause.getMessage()).withCause(cause);
    return new Answer(null, status, trailers == null ? new Metadata() : trailers);
  }

  @Nullable Sending<?> sending() {
    return sending;
  }

  @Nullable Status status() {
    return status;
  }

  Metadata headers() {
    return headers;
  }

  /** A header as on the wire; gRPC keeps its status apart. */
  @Nullable String header(String name) {
    Status ended = status;
    if (name.equals("grpc-status")) {
      return ended == null ? null : Integer.toString(ended.getCode().value());
    }
    return Entries.first(headers, name);
  }
}
