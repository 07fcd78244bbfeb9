package dev.weft.policy.snapshot;

/** What a port accepts (Istio PeerAuthentication). */
public enum MtlsMode {
  /** Mesh mTLS only. */
  STRICT,
  /** Mesh mTLS and plaintext. */
  PERMISSIVE,
  /** Plaintext only. */
  DISABLE
}
