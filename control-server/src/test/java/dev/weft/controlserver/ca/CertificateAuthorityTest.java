package dev.weft.controlserver.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlserver.FakeTime;
import dev.weft.controlserver.StartupException;
import dev.weft.controlserver.TestPki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final WorkloadIdentity ORDERS =
      new WorkloadIdentity("cluster.local", "shop", "orders");

  @TempDir Path directory;
  private final FakeTime time = new FakeTime(NOW);

  private CertificateAuthority open(char[] passphrase) {
    return CertificateAuthority.open(
        directory.resolve("ca"), "cluster.local", passphrase, time, new SecureRandom());
  }

  @Test
  void issuesExactlyTheSvidProfile() throws Exception {
    CertificateAuthority authority = open(null);
    time.advance(Duration.ofHours(1));
    IssuedCertificate issued =
        authority.issue(ORDERS, TestPki.ec("secp256r1").getPublic(), Duration.ofHours(24));
    X509Certificate leaf = issued.leaf();
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(List.of(6, "spiffe://cluster.local/ns/shop/sa/orders"));
    assertThat(leaf.getCriticalExtensionOIDs()).contains("2.5.29.15", "2.5.29.17", "2.5.29.19");
    assertThat(leaf.getKeyUsage())
        .containsExactly(true, false, false, false, false, false, false, false, false);
    assertThat(leaf.getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
    assertThat(leaf.getSerialNumber().bitLength()).isBetween(64, 128);
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(time.instant().minusSeconds(60));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(time.instant().plusSeconds(86_400));
    leaf.verify(issued.intermediate().getPublicKey());
    issued.intermediate().verify(authority.root().getPublicKey());
    assertThat(issued.intermediate().getBasicConstraints()).isZero();
    assertThat(issued.intermediate().getKeyUsage()[5]).isTrue();
    assertThat(issued.intermediate().getKeyUsage()[0]).isFalse();
  }

  @Test
  void completesAPromotionThatWasCutOff() throws Exception {
    CertificateAuthority authority = open(null);
    X509Certificate first = authority.root();
    authority.prepareRoot();
    X509Certificate next = authority.roots().get(1);
    assertThat(open(null).phase()).isEqualTo(RotationPhase.PREPARED);
    // The deciding file is there, and nothing after it.
    Path ca = directory.resolve("ca");
    Files.copy(ca.resolve("root.pem"), ca.resolve("old-root.pem"));
    CertificateAuthority again = open(null);
    assertThat(again.phase()).isEqualTo(RotationPhase.PROMOTED);
    assertThat(again.root()).isEqualTo(next);
    assertThat(again.roots()).containsExactly(first, next);
    again.intermediate().verify(next.getPublicKey());
    again.finishRotation();
    assertThat(open(null).roots()).containsExactly(next);
    assertThatThrownBy(again::finishRotation).hasMessageContaining("prepare comes first");
  }

  @Test
  void keepsItsPassphraseThroughARotation() throws Exception {
    CertificateAuthority authority = open("secret".toCharArray());
    authority.prepareRoot();
    authority.promoteRoot();
    authority.finishRotation();
    assertThat(Files.readString(directory.resolve("ca/root-key.pem"))).contains("ENCRYPTED");
    assertThat(open("secret".toCharArray()).root()).isEqualTo(authority.root());
  }

  @Test
  void neverBeginsBeforeOrOutlivesItsIssuer() {
    CertificateAuthority authority = open(null);
    X509Certificate early =
        authority.issue(ORDERS, TestPki.ec("secp256r1").getPublic(), Duration.ofSeconds(20)).leaf();
    assertThat(early.getNotBefore()).isEqualTo(authority.intermediate().getNotBefore());
    // Without the root's key there is no new intermediate, and the old one runs out.
    assertThat(directory.resolve("ca/root-key.pem").toFile().delete()).isTrue();
    CertificateAuthority orphan = open(null);
    time.advance(Duration.ofDays(364).plusHours(23));
    X509Certificate last =
        orphan.issue(ORDERS, TestPki.ec("secp256r1").getPublic(), Duration.ofHours(24)).leaf();
    assertThat(last.getNotAfter()).isEqualTo(orphan.intermediate().getNotAfter());
    time.advance(Duration.ofHours(2));
    assertThatThrownBy(
            () -> orphan.issue(ORDERS, TestPki.ec("secp256r1").getPublic(), Duration.ofHours(24)))
        .hasMessageContaining("expired");
  }

  @Test
  void renewsItsIntermediateInTime() throws Exception {
    CertificateAuthority authority = open(null);
    X509Certificate first = authority.intermediate();
    time.advance(Duration.ofDays(200));
    authority.renewIssuerWhenDue();
    assertThat(authority.intermediate()).isEqualTo(first);
    time.advance(Duration.ofDays(50));
    authority.renewIssuerWhenDue();
    assertThat(authority.intermediate()).isNotEqualTo(first);
    authority.intermediate().verify(authority.root().getPublicKey());
    assertThat(open(null).intermediate()).isEqualTo(authority.intermediate());
  }

  @Test
  void keepsItsKeysToItself() throws Exception {
    CertificateAuthority authority = open(null);
    Path ca = directory.resolve("ca");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ca)))
        .isEqualTo("rwx------");
    for (String file : List.of("root-key.pem", "issuer.pem")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ca.resolve(file))))
          .isEqualTo("rw-------");
    }
    assertThat(open(null).root()).isEqualTo(authority.root());
    Files.setPosixFilePermissions(
        ca.resolve("issuer.pem"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> open(null))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void encryptsItsKeysWithAPassphrase() throws Exception {
    X509Certificate root = open("correct horse".toCharArray()).root();
    assertThat(Files.readString(directory.resolve("ca/issuer.pem")))
        .contains("BEGIN ENCRYPTED PRIVATE KEY")
        .doesNotContain("BEGIN PRIVATE KEY");
    assertThat(open("correct horse".toCharArray()).root()).isEqualTo(root);
    assertThatThrownBy(() -> open("wrong".toCharArray()))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("does not open its key");
    assertThatThrownBy(() -> open(null))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("MESH_CA_PASSPHRASE_FILE");
  }

  @Test
  void refusesClientCertificatesByTheClockThatItNames() throws Exception {
    CertificateAuthority authority = open(null);
    time.advance(Duration.ofHours(1));
    SvidTrust trust = new SvidTrust(authority, time);
    X509Certificate leaf =
        authority.issue(ORDERS, TestPki.ec("secp256r1").getPublic(), Duration.ofMinutes(10)).leaf();
    assertThat(trust.identify(leaf, authority.intermediate())).isEqualTo(ORDERS);
    time.jumpWall(Duration.ofMinutes(-1));
    assertThat(trust.identify(leaf, authority.intermediate())).isEqualTo(ORDERS);
    time.jumpWall(Duration.ofMinutes(-5));
    assertThatThrownBy(() -> trust.identify(leaf, authority.intermediate()))
        .hasMessageContaining("check both clocks");
    time.jumpWall(Duration.ofHours(1));
    assertThatThrownBy(() -> trust.identify(leaf, authority.intermediate()))
        .hasMessageContaining("join again");
  }
}
