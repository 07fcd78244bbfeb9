package dev.weft.policy.trust;

import dev.weft.policy.AccessToken;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the other side of a TLS connection is the control server: for the holder of a
 * token by the root fingerprint in it, for an agent that has joined by its trust bundle.
 *
 * <p>Which name the certificate carries plays no part, so that a control server can move. But it
 * must carry a DNS name or an address and no URI: workloads have certificates from the same root
 * that name a SPIFFE ID alone, and none of them may pass for the control server. The chain may hold
 * more certificates than the path needs (RFC 8446, 4.4.2): while the root is replaced, the server
 * sends the new one, the old one, and the new one signed by the old. Immutable.
 */
public final class ControlServerTrust extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;
  private static final int URI_NAME = 6;
  private static final int IP_ADDRESS = 7;
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  /** Bounds what a false server can make its client compute. */
  private static final int MAX_CHAIN = 6;

  private final @Nullable AccessToken pin;
  private final List<X509Certificate> bundle;
  private final Clock clock;

  private ControlServerTrust(@Nullable AccessToken pin, List<X509Certificate> bundle, Clock clock) {
    this.pin = pin;
    this.bundle = bundle;
    this.clock = clock;
  }

  /** Trust in the one root whose fingerprint {@code token} carries; the server must send it. */
  public static ControlServerTrust pinned(AccessToken token, Clock clock) {
    return new ControlServerTrust(token, Collections.<X509Certificate>emptyList(), clock);
  }

  /** Trust in these roots, which the server need not send. */
  public static ControlServerTrust bundle(List<X509Certificate> roots, Clock clock) {
    return new ControlServerTrust(
        null, Collections.unmodifiableList(new ArrayList<>(roots)), clock);
  }

  private void check(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length == 0 || chain.length > MAX_CHAIN) {
      throw new CertificateException(
          "the control server sent "
              + (chain == null ? 0 : chain.length)
              + " certificates, expected 1 to "
              + MAX_CHAIN);
    }
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate root : roots(chain)) {
      // An expired root beside a valid one is what a replaced root leaves behind.
      if (pin != null || bundle.size() == 1) {
        checkValidNow(root, "the trusted root");
      }
      if (!clock.instant().isAfter(root.getNotAfter().toInstant())) {
        anchors.add(new TrustAnchor(root, null));
      }
    }
    if (anchors.isEmpty()) {
      throw new CertificateException(
          "no trusted root is valid at " + clock.instant() + ", the time of this machine");
    }
    checkValidNow(chain[0], "the control server's certificate");
    checkIsServer(chain[0]);
    checkPath(chain, anchors);
  }

  private Collection<X509Certificate> roots(X509Certificate[] chain) throws CertificateException {
    AccessToken token = pin;
    if (token == null) {
      return bundle;
    }
    for (X509Certificate certificate : chain) {
      if (token.trusts(certificate)) {
        return Collections.singletonList(certificate);
      }
    }
    throw new CertificateException(
        "the server at this address is not the one that made the token: no certificate in its"
            + " chain has the root fingerprint of the token");
  }

  private void checkPath(X509Certificate[] chain, Set<TrustAnchor> anchors)
      throws CertificateException {
    X509CertSelector leaf = new X509CertSelector();
    leaf.setCertificate(chain[0]);
    try {
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(clock.instant()));
      parameters.addCertStore(
          CertStore.getInstance(
              "Collection", new CollectionCertStoreParameters(Arrays.asList(chain))));
      CertPathBuilder.getInstance("PKIX").build(parameters);
    } catch (CertPathBuilderException e) {
      throw new CertificateException(
          "the control server's certificate is not from "
              + (pin == null ? "a root in the trust bundle: " : "the root of the token: ")
              + e.getMessage(),
          e);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the control server's chain cannot be checked: " + e, e);
    }
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
    boolean named = false;
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    for (List<?> name : names == null ? Collections.<List<?>>emptyList() : names) {
      if (name.get(0).equals(URI_NAME)) {
        throw new CertificateException(
            "a workload (" + name.get(1) + ") answers in place of the control server");
      }
      named |= name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS);
    }
    if (!named) {
      throw new CertificateException(
          "the certificate has neither a DNS name nor an address: it is not the control server's");
    }
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
}
