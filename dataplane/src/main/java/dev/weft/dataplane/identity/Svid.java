package dev.weft.dataplane.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An X.509-SVID of our own: the private key, and the chain from the leaf up. Immutable. */
public final class Svid {
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  private Svid(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = Collections.unmodifiableList(new ArrayList<>(chain));
  }

  /**
   * A key and its certificates.
   *
   * @param chain the leaf first, then intermediates; not empty
   */
  public static Svid of(PrivateKey key, List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("an SVID has at least its leaf");
    }
    return new Svid(key, chain);
  }

  /** The private key; never to be logged. */
  public PrivateKey key() {
    return key;
  }

  /** The leaf, then intermediates. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The certificate that names the workload. */
  public X509Certificate leaf() {
    return chain.get(0);
  }

  /** Names the certificate only: a key never gets into text. */
  @Override
  public String toString() {
    return "Svid[serial=" + leaf().getSerialNumber() + ", notAfter=" + leaf().getNotAfter() + "]";
  }
}
