package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The status codes of gRPC (grpc.io, status codes) by number and name. Immutable. */
public final class GrpcStatuses {
  private static final List<String> NAMES =
      Collections.unmodifiableList(
          Arrays.asList(
              "OK",
              "CANCELLED",
              "UNKNOWN",
              "INVALID_ARGUMENT",
              "DEADLINE_EXCEEDED",
              "NOT_FOUND",
              "ALREADY_EXISTS",
              "PERMISSION_DENIED",
              "RESOURCE_EXHAUSTED",
              "FAILED_PRECONDITION",
              "ABORTED",
              "OUT_OF_RANGE",
              "UNIMPLEMENTED",
              "INTERNAL",
              "UNAVAILABLE",
              "DATA_LOSS",
              "UNAUTHENTICATED"));

  private GrpcStatuses() {}

  /** The names, each at the index that is its code. */
  public static List<String> names() {
    return NAMES;
  }

  /** The code of a name in capitals, 0 to 16; -1 when there is no such status. */
  public static int code(String name) {
    return NAMES.indexOf(name);
  }

  /** The name of a code; the number itself where it has none. */
  public static String name(int code) {
    return code >= 0 && code < NAMES.size() ? NAMES.get(code) : Integer.toString(code);
  }
}
