package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.RequestContext;
import java.util.List;
import java.util.function.LongSupplier;

/** EXTRACT: what calls made for a request have to know of its caller. */
final class CallerContext {
  /** A caller that says it waits longer than a day says nothing. */
  private static final long LONGEST_MILLIS = 86_400_000L;

  private CallerContext() {}

  /** Whether somebody is to hear that calls made for it are given up: who retries by our rules. */
  static boolean isOfMesh(InboundRequest request) {
    try {
      return request.peer() != null;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /**
   * Whether the caller sends the request again. Only who belongs to the mesh is believed, since it
   * takes from a retry budget that others use too.
   */
  static boolean isRetry(InboundRequest request) {
    try {
      List<String> values = request.headers(RequestContext.ATTEMPT_HEADER);
      return !values.isEmpty() && !values.get(0).equals("1");
    } catch (RuntimeException e) {
      return false;
    }
  }

  /**
   * What the caller said it still waits, on the data plane's clock; nonsense is {@link
   * RequestContext#NO_DEADLINE}.
   */
  static long deadlineNanos(InboundRequest request, LongSupplier nanoClock) {
    try {
      List<String> values = request.headers(RequestContext.DEADLINE_HEADER);
      if (values.isEmpty()) {
        return RequestContext.NO_DEADLINE;
      }
      long millis = Long.parseLong(values.get(0));
      return millis <= 0 || millis > LONGEST_MILLIS
          ? RequestContext.NO_DEADLINE
          : nanoClock.getAsLong() + millis * 1_000_000L;
    } catch (RuntimeException e) {
      return RequestContext.NO_DEADLINE;
    }
  }
}
