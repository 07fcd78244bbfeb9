package dev.weft.controlserver.ca;

import java.security.cert.X509Certificate;
import java.util.List;

/** A leaf and its intermediate, in the order TLS sends them. */
public record IssuedCertificate(X509Certificate leaf, X509Certificate intermediate) {
  public List<String> pemChain() {
    return List.of(KeyPem.certificate(leaf), KeyPem.certificate(intermediate));
  }

  public List<X509Certificate> chain() {
    return List.of(leaf, intermediate);
  }
}
