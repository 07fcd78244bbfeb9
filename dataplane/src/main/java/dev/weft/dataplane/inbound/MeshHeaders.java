package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.RequestContext;

/**
 * Which request headers are the mesh's. A server takes them out before the application or a policy
 * sees them (promise A3): nobody but the mesh may write them. Stateless.
 */
public final class MeshHeaders {
  /** How the name of every header of the mesh begins, in lower case. */
  public static final String PREFIX = "x-weft-";

  /** Carries the caller's trace (W3C Trace Context). */
  public static final String TRACE = "traceparent";

  private MeshHeaders() {}

  /** Whether nobody but the mesh may write a header of this name, in any case. */
  public static boolean isReserved(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  /** Whether calls that the application makes for the request have to carry this header on. */
  public static boolean isCarriedOn(String name) {
    return TRACE.equalsIgnoreCase(name)
        || RequestContext.DEADLINE_HEADER.equalsIgnoreCase(name)
        || RequestContext.ATTEMPT_HEADER.equalsIgnoreCase(name);
  }
}
