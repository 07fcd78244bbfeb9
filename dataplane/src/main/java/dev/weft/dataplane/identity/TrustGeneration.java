package dev.weft.dataplane.identity;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Our own SVID and whom we trust, at one time. TLS contexts belong to a generation: a resumed JSSE
 * session never asks the trust manager, so no session may outlive the trust it was made under. For
 * the same reason clients have a context for each server identity that they expect, and for each
 * server name, because JSSE resumes by address and then indicates the name of the session.
 * Immutable but for its caches; thread-safe.
 */
final class TrustGeneration {
  private final long number;
  private final Svid svid;
  private final String trustDomain;
  private final List<X509Certificate> roots;
  private final Set<String> withdrawn;
  private final SvidValidator validator;
  private final SSLContext server;
  private final ConcurrentMap<String, SSLContext> clients = new ConcurrentHashMap<>();

  private TrustGeneration(
      long number,
      Svid svid,
      String trustDomain,
      List<X509Certificate> roots,
      Set<String> withdrawn,
      Clock clock)
      throws GeneralSecurityException {
    this.number = number;
    this.svid = svid;
    this.trustDomain = trustDomain;
    this.roots = Collections.unmodifiableList(new ArrayList<>(roots));
    this.withdrawn = Collections.unmodifiableSet(new HashSet<>(withdrawn));
    this.validator = new SvidValidator(trustDomain, this.roots, this.withdrawn, clock);
    this.server = context(null);
  }

  static TrustGeneration of(
      long number,
      Svid svid,
      String trustDomain,
      List<X509Certificate> roots,
      Set<String> withdrawn,
      Clock clock)
      throws GeneralSecurityException {
    return new TrustGeneration(number, svid, trustDomain, roots, withdrawn, clock);
  }

  long number() {
    return number;
  }

  Svid svid() {
    return svid;
  }

  String trustDomain() {
    return trustDomain;
  }

  /** True when both trust the same roots and have withdrawn the same identities. */
  boolean sameTrust(TrustGeneration other) {
    return trustDomain.equals(other.trustDomain)
        && roots.equals(other.roots)
        && withdrawn.equals(other.withdrawn);
  }

  PeerIdentity validate(X509Certificate @Nullable [] chain) throws CertificateException {
    return validator.validate(chain);
  }

  /** Whether a peer that was accepted before would be so now, its certificate's age aside. */
  boolean stillTrusts(PeerIdentity peer) {
    return validator.stillTrusts(peer);
  }

  /**
   * Who the chain stands for, when that is the one expected.
   *
   * @param expected the SPIFFE ID that the server must have; null for any of the trust domain
   */
  PeerIdentity validate(X509Certificate @Nullable [] chain, @Nullable String expected)
      throws CertificateException {
    PeerIdentity peer = validator.validate(chain);
    if (expected != null && !expected.equals(peer.spiffeId())) {
      throw new CertificateException("expected " + expected + ", but the peer is " + peer);
    }
    return peer;
  }

  SSLContext server() {
    return server;
  }

  /**
   * The context for connections to servers of this identity.
   *
   * @param expected null for any of the trust domain
   * @param serverName that is indicated to them
   */
  SSLContext client(@Nullable String expected, String serverName) throws GeneralSecurityException {
    String key = serverName + ' ' + (expected == null ? "" : expected);
    SSLContext context = clients.get(key);
    if (context == null) {
      SSLContext made = context(expected);
      SSLContext earlier = clients.putIfAbsent(key, made);
      context = earlier == null ? made : earlier;
    }
    return context;
  }

  /** Presents our SVID. */
  KeyManager ownKey() {
    return OwnKey.of(svid.key(), svid.chain());
  }

  private SSLContext context(@Nullable String expected) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {ownKey()},
        new TrustManager[] {new SvidTrustManager(this, expected)},
        new SecureRandom());
    return context;
  }
}
