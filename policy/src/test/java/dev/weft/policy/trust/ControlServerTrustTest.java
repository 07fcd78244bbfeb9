package dev.weft.policy.trust;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.policy.AccessToken;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every chain is tried on both ways to trust: by the token's fingerprint and by the bundle. */
final class ControlServerTrustTest {
  private static final Clock CLOCK = Clock.fixed(Forge.NOW, ZoneOffset.UTC);

  private Forge root;
  private Forge issuer;

  @BeforeEach
  void build() throws Exception {
    root = Forge.root("root");
    issuer = root.authority("issuer");
  }

  private static ControlServerTrust pinned(X509Certificate root) {
    AccessToken token =
        AccessToken.generate(
            AccessToken.Kind.JOIN, AccessToken.fingerprint(root), new SecureRandom());
    return ControlServerTrust.pinned(token, CLOCK);
  }

  private static ControlServerTrust bundle(X509Certificate... roots) {
    return ControlServerTrust.bundle(Arrays.asList(roots), CLOCK);
  }

  private List<ControlServerTrust> both() {
    return Arrays.asList(pinned(root.certificate), bundle(root.certificate));
  }

  private static X509Certificate[] chain(Forge... parts) {
    return Arrays.stream(parts).map(part -> part.certificate).toArray(X509Certificate[]::new);
  }

  private static void accepted(ControlServerTrust trust, X509Certificate... chain) {
    assertThatCode(() -> trust.checkServerTrusted(chain, "UNKNOWN")).doesNotThrowAnyException();
  }

  private static void refused(ControlServerTrust trust, String why, X509Certificate... chain) {
    assertThatThrownBy(() -> trust.checkServerTrusted(chain, "UNKNOWN"))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining(why);
  }

  @Test
  void acceptsTheServerByNameOrAddress() throws Exception {
    for (ControlServerTrust trust : both()) {
      accepted(trust, chain(issuer.leaf(Forge.dns()), issuer, root));
      accepted(trust, chain(issuer.leaf(Forge.address()), issuer, root));
    }
    accepted(bundle(root.certificate), chain(issuer.leaf(Forge.dns()), issuer));
  }

  @Test
  void refusesAnotherRoot() throws Exception {
    Forge other = Forge.root("root");
    Forge otherIssuer = other.authority("issuer");
    Forge leaf = otherIssuer.leaf(Forge.dns());
    refused(
        pinned(root.certificate), "no certificate in its chain", chain(leaf, otherIssuer, other));
    refused(
        bundle(root.certificate),
        "not from a root in the trust bundle",
        chain(leaf, otherIssuer, other));
    for (ControlServerTrust trust : both()) {
      refused(trust, "is not from", chain(leaf, otherIssuer, root));
      refused(trust, "is not from", chain(leaf, otherIssuer, other, issuer, root));
    }
  }

  @Test
  void refusesAChainWithoutTheRootThatTheTokenNames() throws Exception {
    refused(pinned(root.certificate), "fingerprint", chain(issuer.leaf(Forge.dns()), issuer));
  }

  @Test
  void refusesALeafThatSigns() throws Exception {
    Forge workload = issuer.leaf(Forge.workload());
    Forge forged = workload.leaf(Forge.dns());
    for (ControlServerTrust trust : both()) {
      refused(trust, "is not from", chain(forged, workload, issuer, root));
      refused(trust, "CA certificate", chain(issuer, root));
      refused(trust, "CA certificate", chain(root));
    }
  }

  @Test
  void refusesALeafOnItsOwn() throws Exception {
    Forge own = Forge.root("self").leaf(Forge.dns());
    for (ControlServerTrust trust : both()) {
      refused(trust, "is not from", chain(own, issuer, root));
    }
  }

  @Test
  void refusesWhatHasExpired() throws Exception {
    Duration past = Duration.ofSeconds(-1);
    Forge late = issuer.leaf(past, KeyPurposeId.id_kp_serverAuth, Forge.dns());
    Forge lateIssuer = root.authority("late", past);
    for (ControlServerTrust trust : both()) {
      refused(
          trust, "the clock of this machine says 2026-11-21T12:00:00Z", chain(late, issuer, root));
      refused(trust, "is not from", chain(lateIssuer.leaf(Forge.dns()), lateIssuer, root));
    }
    Forge lateRoot = Forge.root("old", past);
    Forge under = lateRoot.authority("issuer");
    X509Certificate[] chain = chain(under.leaf(Forge.dns()), under, lateRoot);
    refused(pinned(lateRoot.certificate), "the trusted root is valid from", chain);
    refused(bundle(lateRoot.certificate), "the trusted root is valid from", chain);
    refused(bundle(lateRoot.certificate, lateRoot.certificate), "no trusted root is valid", chain);
    refused(bundle(lateRoot.certificate, root.certificate), "is not from", chain);
  }

  @Test
  void refusesAnythingButAServersNames() throws Exception {
    for (ControlServerTrust trust : both()) {
      refused(trust, "answers in place", chain(issuer.leaf(Forge.workload()), issuer, root));
      refused(
          trust,
          "answers in place",
          chain(issuer.leaf(Forge.dns(), Forge.workload()), issuer, root));
      refused(trust, "neither a DNS name nor an address", chain(issuer.leaf(), issuer, root));
      Forge client = issuer.leaf(Duration.ofHours(1), KeyPurposeId.id_kp_clientAuth, Forge.dns());
      refused(trust, "not for servers", chain(client, issuer, root));
    }
  }

  @Test
  void needsNoCertificateBeyondThePathAndIsNotMisledByOne() throws Exception {
    Forge stranger = Forge.root("stranger");
    for (ControlServerTrust trust : both()) {
      accepted(trust, chain(issuer.leaf(Forge.dns()), stranger, issuer, root));
      refused(trust, "is not from", chain(stranger.leaf(Forge.dns()), issuer, root));
      refused(
          trust,
          "certificates, expected 1 to 6",
          chain(issuer.leaf(Forge.dns()), issuer, root, root, root, root, root));
      refused(trust, "0 certificates");
    }
    assertThatThrownBy(() -> bundle(root.certificate).checkServerTrusted(null, "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void acceptsAReplacedRootFromEitherSide() throws Exception {
    Forge next = Forge.root("root 2");
    Forge nextIssuer = next.authority("issuer 2");
    X509Certificate[] chain = {
      nextIssuer.leaf(Forge.dns()).certificate,
      nextIssuer.certificate,
      next.certificate,
      next.crossSignedBy(root),
      root.certificate
    };
    for (X509Certificate known : Arrays.asList(root.certificate, next.certificate)) {
      accepted(pinned(known), chain);
      accepted(bundle(known), chain);
    }
    Forge other = Forge.root("root");
    refused(bundle(other.certificate), "is not from", chain);
  }

  @Test
  void isForClientsOnly() {
    assertThatThrownBy(
            () -> bundle(root.certificate).checkClientTrusted(chain(issuer, root), "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
    assertThatCode(() -> ControlServerTrust.bundle(Collections.emptyList(), CLOCK))
        .doesNotThrowAnyException();
  }
}
