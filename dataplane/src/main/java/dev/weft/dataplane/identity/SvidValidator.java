package dev.weft.dataplane.identity;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a chain is a valid X.509-SVID of our trust domain: our own rules first, then the
 * JDK's PKIX with the root appended to the path, so that the root's expiry, name constraints and
 * critical extensions count as well. Verdicts are kept per chain until the first certificate of it
 * expires. Thread-safe; one per trust generation, so that a changed trust starts afresh.
 */
final class SvidValidator {
  private static final int MAX_CHAIN = 6;
  private static final int MAX_CACHED = 4096;

  private final String trustDomain;
  private final List<X509Certificate> roots;
  private final Set<String> withdrawn;
  private final Clock clock;
  private final ConcurrentMap<Fingerprint, PeerIdentity> cache = new ConcurrentHashMap<>();

  SvidValidator(
      String trustDomain, List<X509Certificate> roots, Set<String> withdrawn, Clock clock) {
    this.trustDomain = trustDomain;
    this.roots = roots;
    this.withdrawn = withdrawn;
    this.clock = clock;
  }

  /**
   * Who the chain stands for.
   *
   * @throws CertificateException when it is not a valid SVID of the trust domain, or its identity
   *     was withdrawn; the message names the rule
   */
  PeerIdentity validate(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length == 0 || chain.length > MAX_CHAIN) {
      throw new CertificateException("the peer sent no usable certificate chain");
    }
    Fingerprint key = Fingerprint.of(chain);
    PeerIdentity known = cache.get(key);
    if (known != null) {
      if (clock.millis() > known.notAfterMillis()) {
        throw new CertificateException("the certificate of " + known + " has expired");
      }
      return known;
    }
    PeerIdentity identity = validateAfresh(chain, clock.millis());
    if (cache.size() >= MAX_CACHED) {
      cache.clear();
    }
    cache.put(key, identity);
    return identity;
  }

  /**
   * Whether the peer of a live connection would be accepted now, but for the age of its chain: a
   * connection may outlive the short-lived certificate it began with, never the trust in it.
   */
  boolean stillTrusts(PeerIdentity peer) {
    try {
      validateAfresh(peer.chain(), Math.min(clock.millis(), peer.notAfterMillis()));
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  private PeerIdentity validateAfresh(X509Certificate[] chain, long atMillis)
      throws CertificateException {
    SpiffeId id = SvidRules.checkLeaf(chain[0]);
    if (!id.trustDomain().equals(trustDomain)) {
      throw new CertificateException(
          id + " is of trust domain " + id.trustDomain() + ", not " + trustDomain);
    }
    if (withdrawn.contains(id.toString())) {
      throw new CertificateException(id + " was withdrawn");
    }
    List<X509Certificate> path = new ArrayList<>(Arrays.asList(chain));
    X509Certificate last = path.get(path.size() - 1);
    if (path.size() > 1 && last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
      path.remove(path.size() - 1);
      last = path.get(path.size() - 1);
    }
    @Nullable GeneralSecurityException failure = null;
    for (X509Certificate root : roots) {
      if (root.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
        try {
          checkPath(path, root, atMillis);
          return PeerIdentity.of(id, chain, earliestEnd(path, root));
        } catch (GeneralSecurityException e) {
          failure = e;
        }
      }
    }
    if (failure != null) {
      throw new CertificateException(id + ": " + failure.getMessage(), failure);
    }
    throw new CertificateException(id + " was not issued by a root that we trust");
  }

  private void checkPath(List<X509Certificate> path, X509Certificate root, long atMillis)
      throws GeneralSecurityException {
    List<X509Certificate> whole = new ArrayList<>(path);
    whole.add(root);
    for (X509Certificate certificate : whole) {
      SvidRules.checkStrength(certificate);
    }
    PKIXParameters parameters =
        new PKIXParameters(Collections.singleton(new TrustAnchor(root, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(new Date(atMillis));
    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(whole), parameters);
  }

  private static long earliestEnd(List<X509Certificate> path, X509Certificate root) {
    long end = root.getNotAfter().getTime();
    for (X509Certificate certificate : path) {
      end = Math.min(end, certificate.getNotAfter().getTime());
    }
    return end;
  }

  /** SHA-256 over a chain. */
  private static final class Fingerprint {
    private final byte[] digest;

    private Fingerprint(byte[] digest) {
      this.digest = digest;
    }

    static Fingerprint of(X509Certificate[] chain) throws CertificateException {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (X509Certificate certificate : chain) {
          digest.update(certificate.getEncoded());
        }
        return new Fingerprint(digest.digest());
      } catch (GeneralSecurityException e) {
        throw new CertificateException(e);
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Fingerprint && Arrays.equals(digest, ((Fingerprint) other).digest);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(digest);
    }
  }
}
