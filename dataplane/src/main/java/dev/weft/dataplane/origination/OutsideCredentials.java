package dev.weft.dataplane.origination;

import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.OwnKey;
import dev.weft.policy.snapshot.TlsOrigination;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a policy held at one time, ready for handshakes. TLS contexts belong to it and
 * to one server name: a resumed session asks no trust manager, so none may outlive what it was
 * judged by. Immutable but for its cache; thread-safe.
 */
public final class OutsideCredentials {
  private final LongSupplier numbers;
  private final TlsOrigination policy;
  private final List<String> names;
  private final @Nullable X509ExtendedTrustManager issuers;
  private final @Nullable OwnKey key;
  private final ConcurrentMap<String, ServerTrust> servers = new ConcurrentHashMap<>();

  /**
   * @param numbers gives each server name its own
   * @param names of which a server must have one; empty for the name that is called
   * @param issuers judges chains; null accepts any server
   * @param key what to show; null for nothing
   */
  OutsideCredentials(
      LongSupplier numbers,
      TlsOrigination policy,
      List<String> names,
      @Nullable X509ExtendedTrustManager issuers,
      @Nullable OwnKey key) {
    this.numbers = numbers;
    this.policy = policy;
    this.names = names;
    this.issuers = issuers;
    this.key = key;
  }

  /** The server name of calls to a host, in lower case and without the dot of the root. */
  public String serverName(String host) {
    return ClientTls.canonical(policy.sni.isEmpty() ? host : policy.sni);
  }

  /** TLS with a server of that name, the same object each time. */
  public ServerTrust server(String serverName) {
    ServerTrust known = servers.get(serverName);
    return known == null
        ? servers.computeIfAbsent(
            serverName, name -> new ServerTrust(this, name, numbers.getAsLong()))
        : known;
  }

  @Nullable OwnKey key() {
    return key;
  }

  /**
   * Judges a server.
   *
   * @throws CertificateException naming what is wrong
   */
  void judge(X509Certificate @Nullable [] chain, String serverName, Asking asking)
      throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw new CertificateException("the server showed no certificate");
    }
    if (issuers == null) {
      return;
    }
    try {
      asking.ask(issuers);
    } catch (CertificateException e) {
      throw new CertificateException(
          "its certificate does not hold before " + anchors() + ": " + cause(e), e);
    }
    for (String name : names) {
      if (CertificateNames.cover(chain[0], name)) {
        return;
      }
    }
    if (!names.isEmpty() || !CertificateNames.cover(chain[0], serverName)) {
      throw new CertificateException(
          "its certificate is for "
              + CertificateNames.texts(chain[0])
              + ", not for "
              + (names.isEmpty() ? serverName : "one of " + names + " (subjectAltNames)"));
    }
  }

  private static String cause(CertificateException failure) {
    Throwable deepest = failure;
    for (Throwable at = failure; at != null; at = at.getCause()) {
      deepest = at;
    }
    return deepest == failure
        ? String.valueOf(failure.getMessage())
        : failure.getMessage() + " (" + deepest.getMessage() + ")";
  }

  private String anchors() {
    return policy.caCertificates.isEmpty()
        ? "the authorities that this JVM trusts"
        : "the authorities in " + policy.caCertificates;
  }

  /** What a handshake with a server of that name holds it to, for people. */
  String text(String serverName) {
    StringBuilder text = new StringBuilder("TLS (").append(serverName).append("), ");
    if (issuers == null) {
      text.append("any certificate will do");
    } else {
      text.append("whose certificate is for ")
          .append(names.isEmpty() ? serverName : "one of " + names)
          .append(" and holds before ")
          .append(anchors());
      if (!policy.caCrl.isEmpty()) {
        text.append(" and their revocation lists in ").append(policy.caCrl);
      }
    }
    if (key != null) {
      text.append("; shows ")
          .append(policy.clientCertificate)
          .append(", valid until ")
          .append(key.getCertificateChain("")[0].getNotAfter().toInstant());
    }
    return text.toString();
  }

  /** Asks a judge of chains, in one of the ways that it can be asked. */
  interface Asking {
    void ask(X509ExtendedTrustManager issuers) throws CertificateException;
  }
}
