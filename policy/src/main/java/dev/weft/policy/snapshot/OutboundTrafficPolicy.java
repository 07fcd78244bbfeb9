package dev.weft.policy.snapshot;

/** What becomes of calls to hosts that the mesh does not know (Istio OutboundTrafficPolicy). */
public enum OutboundTrafficPolicy {
  /** They leave as they would without the mesh. */
  ALLOW_ANY,
  /** They are refused. */
  REGISTRY_ONLY
}
