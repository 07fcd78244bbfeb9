package dev.weft.controlserver.ca;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The control server's own TLS key and chain: leaf, intermediate, root. */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {
  public X509Certificate leaf() {
    return chain.get(0);
  }

  /** Without the key: records print their components. */
  @Override
  public String toString() {
    return "ServerIdentity[" + leaf().getSerialNumber().toString(16) + "]";
  }
}
