package dev.weft.dataplane.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets JSSE ask our rules in a full handshake. An extended trust manager, because JSSE adds its own
 * host name check to any other. Thread-safe, as must be who extends it.
 */
class SvidTrustManager extends X509ExtendedTrustManager {
  private final TrustGeneration generation;
  private final @Nullable String expectedServer;

  SvidTrustManager(TrustGeneration generation, @Nullable String expectedServer) {
    this.generation = generation;
    this.expectedServer = expectedServer;
  }

  /**
   * A server was accepted; nothing by default.
   *
   * @param socket of its connection, null where there is an engine
   */
  void accepted(PeerIdentity server, @Nullable Socket socket) {}

  private void judgeServer(X509Certificate[] chain, @Nullable Socket socket)
      throws CertificateException {
    accepted(generation.validate(chain, expectedServer), socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    generation.validate(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    generation.validate(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    generation.validate(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    judgeServer(chain, null);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    judgeServer(chain, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    judgeServer(chain, null);
  }

  /** None: a list of accepted issuers would tell strangers whom we trust. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
