package dev.weft.controlserver.ca;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate with the key that signs under it. The key never leaves this package. */
record Issuer(X509Certificate certificate, PrivateKey key) {
  /** Without the key: records print their components. */
  @Override
  public String toString() {
    return "Issuer[" + certificate.getSubjectX500Principal() + "]";
  }
}
