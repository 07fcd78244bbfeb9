package dev.weft.dataplane.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets JSSE ask our rules in a full handshake. An extended trust manager, because JSSE adds its own
 * host name check to any other. Thread-safe.
 */
final class SvidTrustManager extends X509ExtendedTrustManager {
  private final TrustGeneration generation;
  private final @Nullable String expectedServer;

  SvidTrustManager(TrustGeneration generation, @Nullable String expectedServer) {
    this.generation = generation;
    this.expectedServer = expectedServer;
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
    generation.validate(chain, expectedServer);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    generation.validate(chain, expectedServer);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    generation.validate(chain, expectedServer);
  }

  /** None: a list of accepted issuers would tell strangers whom we trust. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
