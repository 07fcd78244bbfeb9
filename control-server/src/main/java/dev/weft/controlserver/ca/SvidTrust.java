package dev.weft.controlserver.ca;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides about client certificates in two steps. In the handshake: was it issued by this mesh? A
 * certificate of anybody else ends the connection. Per request ({@link #identify}): is it still
 * valid, and whose is it? The second step is not left to TLS because a resumed session skips the
 * handshake's decision, and because an expired agent deserves an answer that says so instead of a
 * closed connection.
 */
public final class SvidTrust extends X509ExtendedTrustManager {
  private static final int URI_NAME = 6;

  private final CertificateAuthority authority;
  private final Clock clock;

  public SvidTrust(CertificateAuthority authority, Clock clock) {
    this.authority = authority;
    this.clock = clock;
  }

  /** A client certificate that does not stand for a workload now; the message goes to its owner. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * The workload that {@code leaf}, taken with its {@code intermediate} from a finished handshake,
   * stands for at this moment.
   *
   * @throws Refused when it is expired, not yet valid, or no workload certificate
   */
  public WorkloadIdentity identify(X509Certificate leaf, X509Certificate intermediate)
      throws Refused {
    if (!authority.stillTrusts(intermediate)) {
      throw new Refused(
          "the client certificate was issued under a root that this mesh has replaced: join again"
              + " with a new token");
    }
    Instant now = clock.instant();
    if (now.isAfter(leaf.getNotAfter().toInstant())) {
      throw new Refused(
          "the client certificate expired at "
              + leaf.getNotAfter().toInstant()
              + ", the control server's clock says "
              + now
              + ": join again with a new token");
    }
    if (now.isBefore(leaf.getNotBefore().toInstant())) {
      throw new Refused(
          "the client certificate is valid from "
              + leaf.getNotBefore().toInstant()
              + ", the control server's clock says "
              + now
              + ": check both clocks");
    }
    return identityOf(leaf)
        .filter(identity -> identity.trustDomain().equals(authority.trustDomain()))
        .orElseThrow(
            () ->
                new Refused(
                    "the client certificate names no workload of " + authority.trustDomain()));
  }

  /**
   * Whether a certificate is under a root that is still trusted, but signs no more: its holder has
   * to renew before that root is trusted no more.
   */
  public boolean isOutdated(X509Certificate intermediate) {
    return !authority.signsUnder(intermediate);
  }

  private static Optional<WorkloadIdentity> identityOf(X509Certificate leaf) {
    try {
      Collection<List<?>> names = leaf.getSubjectAlternativeNames();
      if (names == null || names.size() != 1) {
        return Optional.empty();
      }
      List<?> only = names.iterator().next();
      return only.get(0).equals(URI_NAME)
          ? WorkloadIdentity.parse((String) only.get(1))
          : Optional.empty();
    } catch (CertificateParsingException malformed) {
      return Optional.empty();
    }
  }

  private void requireOurs(X509Certificate[] chain) throws CertificateException {
    if (chain == null || chain.length < 2) {
      throw new CertificateException("a client certificate must come with its intermediate");
    }
    X509Certificate leaf = chain[0];
    X509Certificate intermediate = chain[1];
    try {
      // The root's signature first: from then on every key in play is one this authority chose or
      // checked.
      if (!authority.everIssued(intermediate)) {
        throw new CertificateException("the certificate's issuer is not of this mesh");
      }
      boolean[] usage = intermediate.getKeyUsage();
      if (intermediate.getBasicConstraints() < 0 || usage == null || !usage[5]) {
        throw new CertificateException("the certificate's issuer is no certificate authority");
      }
      leaf.verify(intermediate.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the client certificate was not issued by this mesh", e);
    }
    if (leaf.getBasicConstraints() >= 0) {
      throw new CertificateException("the client certificate is a certificate authority");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    requireOurs(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    requireOurs(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    requireOurs(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("the control server opens no connections");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("the control server opens no connections");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("the control server opens no connections");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    List<X509Certificate> issuers = new ArrayList<>(authority.roots());
    issuers.add(authority.intermediate());
    return issuers.toArray(new X509Certificate[0]);
  }
}
