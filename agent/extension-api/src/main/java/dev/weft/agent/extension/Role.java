package dev.weft.agent.extension;

/** What it means when an instrumentation cannot be used. */
public enum Role {
  /**
   * Decides whether a call may happen, or secures it. An unusable unit is reported, and handled by
   * {@code mesh.on-agent-failure}: {@code deny} closes the woven methods, {@code allow} leaves the
   * library as it is.
   */
  ENFORCING,
  /**
   * Only looks on, or makes things better. An unusable unit is reported, and the library left as it
   * is.
   */
  OBSERVING
}
