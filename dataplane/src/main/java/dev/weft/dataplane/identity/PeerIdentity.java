package dev.weft.dataplane.identity;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a mesh connection, taken from the validated X.509-SVID of its TLS
 * session and from nothing else. Immutable.
 */
public final class PeerIdentity {
  private final SpiffeId id;
  private final @Nullable String namespace;
  private final @Nullable String serviceAccount;
  private final String principal;
  private final X509Certificate[] chain;
  private final long notAfterMillis;

  private PeerIdentity(SpiffeId id, X509Certificate[] chain, long notAfterMillis) {
    this.id = id;
    this.chain = chain.clone();
    this.notAfterMillis = notAfterMillis;
    this.principal = id.toString().substring("spiffe://".length());
    String[] parts = id.path().split("/", -1);
    boolean istio = parts.length == 5 && parts[1].equals("ns") && parts[3].equals("sa");
    this.namespace = istio ? parts[2] : null;
    this.serviceAccount = istio ? parts[4] : null;
  }

  /**
   * An identity whose certificate was validated.
   *
   * @param chain the leaf first, as the peer sent it
   * @param notAfterMillis the earliest end of validity in the chain, in epoch milliseconds
   */
  public static PeerIdentity of(SpiffeId id, X509Certificate[] chain, long notAfterMillis) {
    return new PeerIdentity(id, chain, notAfterMillis);
  }

  /** The SPIFFE ID, such as {@code spiffe://cluster.local/ns/shop/sa/orders}. */
  public String spiffeId() {
    return id.toString();
  }

  /** The SPIFFE ID without its scheme, as Istio writes principals. */
  public String principal() {
    return principal;
  }

  /** The trust domain. */
  public String trustDomain() {
    return id.trustDomain();
  }

  /** The namespace, or null when the path is not {@code /ns/NAMESPACE/sa/ACCOUNT}. */
  public @Nullable String namespace() {
    return namespace;
  }

  /** The service account, or null when the path is not {@code /ns/NAMESPACE/sa/ACCOUNT}. */
  public @Nullable String serviceAccount() {
    return serviceAccount;
  }

  /** The validated leaf. */
  public X509Certificate leaf() {
    return chain[0];
  }

  /** The validated chain, to be judged again when trust changes. */
  X509Certificate[] chain() {
    return chain;
  }

  /** The earliest end of validity in its chain, in epoch milliseconds. */
  long notAfterMillis() {
    return notAfterMillis;
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
