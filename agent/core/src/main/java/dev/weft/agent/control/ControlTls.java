package dev.weft.agent.control;

import dev.weft.policy.trust.ControlServerTrust;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** TLS towards the control server, made anew for each identity so that no session outlives one. */
final class ControlTls {

  private ControlTls() {}

  /**
   * A factory of sockets that present {@code svid}.
   *
   * @param svid null before joining: no client certificate
   */
  static SSLSocketFactory sockets(@Nullable Credentials svid, ControlServerTrust trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] keys = svid == null ? new KeyManager[0] : new KeyManager[] {new OneKey(svid)};
    context.init(keys, new TrustManager[] {trust}, null);
    return context.getSocketFactory();
  }

  /** Presents one certificate whatever the server's hints say, without a key store. */
  private static final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "svid";
    private final Credentials svid;

    OneKey(Credentials svid) {
      this.svid = svid;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return svid.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return svid.key();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
