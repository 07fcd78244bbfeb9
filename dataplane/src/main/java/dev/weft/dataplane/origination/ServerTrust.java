package dev.weft.dataplane.origination;

import dev.weft.dataplane.identity.OutsideTls;
import dev.weft.dataplane.identity.OwnKey;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS with servers of one name. An extended trust manager, because JSSE adds its own host name
 * check to any other. Thread-safe.
 */
public final class ServerTrust extends X509ExtendedTrustManager implements OutsideTls {
  /** What JSSE itself says where a version of TLS names no kind of key exchange. */
  private static final String ANY_EXCHANGE = "UNKNOWN";

  private final OutsideCredentials credentials;
  private final String serverName;
  private final long number;
  private volatile @Nullable SSLContext context;

  ServerTrust(OutsideCredentials credentials, String serverName, long number) {
    this.credentials = credentials;
    this.serverName = serverName;
    this.number = number;
  }

  /** Differs from that of all others in this process. */
  public long number() {
    return number;
  }

  @Override
  public SSLContext context() throws SSLException {
    SSLContext known = context;
    return known == null ? newContext() : known;
  }

  private synchronized SSLContext newContext() throws SSLException {
    SSLContext known = context;
    if (known != null) {
      return known;
    }
    OwnKey key = credentials.key();
    try {
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(
          key == null ? new KeyManager[0] : new KeyManager[] {key},
          new TrustManager[] {this},
          new SecureRandom());
      context = made;
      return made;
    } catch (GeneralSecurityException e) {
      throw new SSLException("no TLS context for " + serverName, e);
    }
  }

  @Override
  public void verify(X509Certificate[] chain) throws CertificateException {
    checkServerTrusted(chain, ANY_EXCHANGE);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    credentials.judge(chain, serverName, issuers -> issuers.checkServerTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    credentials.judge(
        chain, serverName, issuers -> issuers.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    credentials.judge(
        chain, serverName, issuers -> issuers.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noClients();
  }

  private static CertificateException noClients() {
    return new CertificateException("this is for servers");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  /** What a handshake holds the server to, for people. */
  @Override
  public String toString() {
    return credentials.text(serverName);
  }
}
