package dev.weft.dataplane.identity;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Presents one certificate of our own, whatever is asked for: the peer's trust decides. Immutable.
 */
public final class OwnKey extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";
  private final PrivateKey key;
  private final X509Certificate[] chain;

  private OwnKey(PrivateKey key, X509Certificate[] chain) {
    this.key = key;
    this.chain = chain;
  }

  /**
   * A key and its certificates.
   *
   * @param chain the leaf first, then intermediates
   */
  public static OwnKey of(PrivateKey key, List<X509Certificate> chain) {
    return new OwnKey(key, chain.toArray(new X509Certificate[0]));
  }

  @Override
  public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return fits(types);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return fits(types);
  }

  @Override
  public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return fits(type);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return fits(type);
  }

  private @Nullable String fits(String... types) {
    String algorithm = key.getAlgorithm();
    for (String type : types) {
      if (type.equals(algorithm) || type.startsWith(algorithm) || type.endsWith(algorithm)) {
        return ALIAS;
      }
    }
    return null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }
}
