package dev.weft.instrumentation.testing.inbound;

import dev.weft.instrumentation.testing.inbound.TestAuthority.Credential;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS of peers, by the JDK alone. Stateless. */
final class PeerTls {
  private PeerTls() {}

  /**
   * TLS of a client.
   *
   * @param credential what it shows, null for nothing
   * @param root whom it trusts
   */
  static SSLContext context(@Nullable Credential credential, X509Certificate root) {
    try {
      KeyStore trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry("root", root);
      TrustManagerFactory trusts =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusts.init(trust);
      KeyManager[] keys = credential == null ? new KeyManager[0] : keys(credential);
      TrustManager[] managers = trusts.getTrustManagers();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, managers, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no TLS for the test", e);
    }
  }

  private static KeyManager[] keys(Credential credential)
      throws GeneralSecurityException, IOException {
    char[] password = "test".toCharArray();
    // PKCS12 derives a key from the password, which costs more than a handshake.
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    store.setKeyEntry(
        "own", credential.key(), password, credential.chain().toArray(new X509Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    return keys.getKeyManagers();
  }
}
