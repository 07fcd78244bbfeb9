package dev.weft.policy.snapshot;

/** Whether calls to a service are secured (Istio ClientTLSSettings). */
public enum TlsMode {
  /** Mesh mTLS where the endpoint accepts it. */
  UNSET,
  /** Plaintext, whatever the endpoint accepts. */
  DISABLE,
  /** Mesh mTLS; an endpoint that does not accept it is refused. */
  ISTIO_MUTUAL
}
