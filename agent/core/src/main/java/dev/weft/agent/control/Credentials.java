package dev.weft.agent.control;

import dev.weft.dataplane.identity.Pem;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The identity of this agent: its key, its certificate chain, and the roots it trusts. Immutable.
 */
public final class Credentials {

  private final PrivateKey key;
  private final List<X509Certificate> chain;
  private final List<X509Certificate> bundle;

  private Credentials(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> bundle) {
    this.key = key;
    this.chain = Collections.unmodifiableList(new ArrayList<>(chain));
    this.bundle = Collections.unmodifiableList(new ArrayList<>(bundle));
  }

  /**
   * An identity.
   *
   * @param chain leaf first, at least one
   * @param bundle roots, at least one
   * @throws IllegalArgumentException when one of them is empty
   */
  public static Credentials of(
      PrivateKey key, List<X509Certificate> chain, List<X509Certificate> bundle) {
    if (chain.isEmpty() || bundle.isEmpty()) {
      throw new IllegalArgumentException("an identity needs a certificate and a trusted root");
    }
    return new Credentials(key, chain, bundle);
  }

  /** Reads certificates from PEM texts, each of which may hold several. */
  static List<X509Certificate> certificates(List<String> pems) throws CertificateException {
    List<X509Certificate> all = new ArrayList<>();
    for (String pem : pems) {
      all.addAll(Pem.certificates(pem));
    }
    return Collections.unmodifiableList(all);
  }

  static List<String> pems(List<X509Certificate> certificates) throws CertificateException {
    List<String> pems = new ArrayList<>();
    for (X509Certificate certificate : certificates) {
      pems.add(Pem.write("CERTIFICATE", certificate.getEncoded()));
    }
    return Collections.unmodifiableList(pems);
  }

  public PrivateKey key() {
    return key;
  }

  /** Leaf first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  public List<X509Certificate> bundle() {
    return bundle;
  }

  public X509Certificate leaf() {
    return chain.get(0);
  }

  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /** The same key and chain with other roots. */
  Credentials withBundle(List<X509Certificate> roots) {
    return of(key, chain, roots);
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "Credentials(" + leaf().getSubjectX500Principal() + ", until " + notAfter() + ")";
  }
}
