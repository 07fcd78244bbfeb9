package dev.weft.meshctl;

import dev.weft.policy.AccessToken;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the control server whose root certificate the token names by fingerprint, and nobody else.
 *
 * <p>Workloads have certificates from the same root. They carry a SPIFFE ID alone, the control
 * server's carries a DNS name or address, which is required here: so that a workload cannot pass
 * for the server. Which name it is does not matter, for the root is this mesh's own.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private final AccessToken token;

  private PinnedTrust(AccessToken token) {
    this.token = token;
  }

  static SSLContext context(AccessToken token) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new PinnedTrust(token)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    int root = -1;
    for (int i = chain.length - 1; i >= 0 && root < 0; i--) {
      root = token.trusts(chain[i]) ? i : -1;
    }
    if (root < 1) {
      throw new CertificateException(
          "the server did not prove the root certificate that the token names;"
              + " is it another control server than the one that made the token?");
    }
    List<X509Certificate> path = new ArrayList<>(Arrays.asList(chain).subList(0, root));
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(chain[root], null)));
      parameters.setRevocationEnabled(false);
      CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
      CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the server's certificate is not valid: " + e.getMessage(), e);
    }
    if (!namesAServer(chain[0])) {
      throw new CertificateException("the certificate is a workload's, not the control server's");
    }
  }

  private static boolean namesAServer(X509Certificate leaf) throws CertificateException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names == null) {
      return false;
    }
    for (List<?> name : names) {
      if (name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS)) {
        return true;
      }
    }
    return false;
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
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
