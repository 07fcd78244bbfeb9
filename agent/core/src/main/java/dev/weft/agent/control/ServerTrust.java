package dev.weft.agent.control;

import dev.weft.policy.AccessToken;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the other side is the control server: before joining by the fingerprint in the
 * token, afterwards by the trust bundle. The host name plays no part, so that a control server can
 * move; but a certificate that names a workload is refused, or every service of the mesh could pose
 * as the control server. Immutable.
 */
final class ServerTrust extends X509ExtendedTrustManager {

  private static final int URI_NAME = 6;
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final int MAX_CHAIN = 6;

  private final @Nullable AccessToken pin;
  private final List<X509Certificate> bundle;
  private final Clock clock;

  private ServerTrust(@Nullable AccessToken pin, List<X509Certificate> bundle, Clock clock) {
    this.pin = pin;
    this.bundle = bundle;
    this.clock = clock;
  }

  /** Trust in the one root whose fingerprint the token carries; it must be part of the chain. */
  static ServerTrust pinned(AccessToken token, Clock clock) {
    return new ServerTrust(token, new ArrayList<>(), clock);
  }

  /** Trust in these roots. */
  static ServerTrust bundle(List<X509Certificate> roots, Clock clock) {
    return new ServerTrust(null, roots, clock);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this side accepts no connections");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("this side accepts no connections");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this side accepts no connections");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private void check(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length == 0 || chain.length > MAX_CHAIN) {
      throw new CertificateException("the control server sent no usable certificate chain");
    }
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate root : roots(chain)) {
      checkValidNow(root, "a trusted root");
      anchors.add(new TrustAnchor(root, null));
    }
    List<X509Certificate> path = new ArrayList<>();
    for (X509Certificate certificate : chain) {
      if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
        path.add(certificate);
      }
    }
    if (path.isEmpty()) {
      throw new CertificateException("the control server sent a self-signed certificate");
    }
    checkValidNow(chain[0], "the control server's certificate");
    checkIsServer(chain[0]);
    try {
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(clock.instant()));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (CertPathValidatorException e) {
      throw new CertificateException(
          "the control server's certificate is not from "
              + (pin == null ? "a root in the trust bundle: " : "the root of the join token: ")
              + LineLog.why(e),
          e);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the control server's chain cannot be checked: " + e, e);
    }
  }

  private Collection<X509Certificate> roots(X509Certificate[] chain) throws CertificateException {
    AccessToken token = pin;
    if (token == null) {
      return bundle;
    }
    for (X509Certificate certificate : chain) {
      if (token.trusts(certificate)) {
        return Arrays.asList(certificate);
      }
    }
    throw new CertificateException(
        "the server at this address is not the one that made the join token: no certificate in its"
            + " chain has the root fingerprint of the token");
  }

  private void checkValidNow(X509Certificate certificate, String whose)
      throws CertificateException {
    Instant now = clock.instant();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw new CertificateException(
          whose
              + " is valid from "
              + from
              + " to "
              + until
              + ", but the clock of this machine says "
              + now
              + ": compare it with the control server's clock");
    }
  }

  private static void checkIsServer(X509Certificate leaf) throws CertificateException {
    if (leaf.getBasicConstraints() >= 0) {
      throw new CertificateException("the control server presented a CA certificate as its own");
    }
    List<String> usages = leaf.getExtendedKeyUsage();
    if (usages != null && !usages.contains(SERVER_AUTH)) {
      throw new CertificateException("the certificate is not for servers");
    }
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> name : names) {
        if (Integer.valueOf(URI_NAME).equals(name.get(0))) {
          throw new CertificateException(
              "a workload (" + name.get(1) + ") answers in place of the control server");
        }
      }
    }
  }
}
