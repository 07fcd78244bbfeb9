package dev.weft.policy.snapshot;

/** Whether calls to a service are secured (Istio ClientTLSSettings). */
public enum TlsMode {
  /** Mesh mTLS where the endpoint accepts it. */
  UNSET,
  /** Plaintext, whatever the endpoint accepts. */
  DISABLE,
  /** Ordinary TLS with a server outside the mesh, which sees no certificate of ours. */
  SIMPLE,
  /** The same, and a certificate from a file is shown. */
  MUTUAL,
  /** Mesh mTLS; an endpoint that does not accept it is refused. */
  ISTIO_MUTUAL;

  /** Returns whether it is TLS with a server outside the mesh. */
  public boolean isOutside() {
    return this == SIMPLE || this == MUTUAL;
  }
}
