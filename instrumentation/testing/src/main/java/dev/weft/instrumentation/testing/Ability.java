package dev.weft.instrumentation.testing;

/**
 * What HTTP client libraries differ in. A client that lacks one lacks it without the mesh too,
 * which the {@link OutboundContract} proves. What a client can do but not in the mesh is a limit of
 * the unit and stands in its {@code support.yaml}.
 */
public enum Ability {
  /** Follows redirects itself. */
  REDIRECTS,
  /** Reads a Location without scheme and slash as a place beside the path that was called. */
  RELATIVE_REDIRECTS,
  /** Keeps cookies and sends them back. */
  COOKIES,
  /** Answers a Basic challenge with credentials of the application. */
  AUTHENTICATION,
  /** Asks for gzip and shows the application the decoded body. */
  GZIP,
  /** Asks before it sends a body ({@code Expect: 100-continue}). */
  EXPECT_CONTINUE,
  /** Takes a final answer to such a question, instead of waiting for ever. */
  EXPECT_REFUSED,
  /** Shows the trailers of a response. */
  TRAILERS,
  /** Bounds connections per host, and a caller's wait for one. */
  POOL_LIMIT,
  /** Lets another thread end a call. */
  CANCEL
}
