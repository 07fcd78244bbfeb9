package dev.weft.policy.trust;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate and its key, and whatever anybody could sign with it, right or wrong. */
final class Forge {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final AtomicLong SERIAL = new AtomicLong(1);

  final X509Certificate certificate;
  private final KeyPair keys;
  private final String name;

  private Forge(X509Certificate certificate, KeyPair keys, String name) {
    this.certificate = certificate;
    this.keys = keys;
    this.name = name;
  }

  static Forge root(String name) throws Exception {
    return root(name, Duration.ofDays(10));
  }

  static Forge root(String name, Duration left) throws Exception {
    KeyPair keys = keys();
    return new Forge(
        sign(name, keys, name, keys, true, left, KeyPurposeId.anyExtendedKeyUsage), keys, name);
  }

  Forge authority(String subject) throws Exception {
    return authority(subject, Duration.ofDays(5));
  }

  Forge authority(String subject, Duration left) throws Exception {
    KeyPair fresh = keys();
    X509Certificate made =
        sign(name, keys, subject, fresh, true, left, KeyPurposeId.anyExtendedKeyUsage);
    return new Forge(made, fresh, subject);
  }

  /** This name and key, vouched for by another. */
  X509Certificate crossSignedBy(Forge other) throws Exception {
    return sign(
        other.name,
        other.keys,
        name,
        keys,
        true,
        Duration.ofDays(5),
        KeyPurposeId.anyExtendedKeyUsage);
  }

  Forge leaf(GeneralName... names) throws Exception {
    return leaf(Duration.ofHours(1), KeyPurposeId.id_kp_serverAuth, names);
  }

  Forge leaf(Duration left, KeyPurposeId usage, GeneralName... names) throws Exception {
    KeyPair fresh = keys();
    return new Forge(sign(name, keys, "leaf", fresh, false, left, usage, names), fresh, "leaf");
  }

  static GeneralName dns() {
    return new GeneralName(GeneralName.dNSName, "control.test");
  }

  static GeneralName address() {
    return new GeneralName(GeneralName.iPAddress, "127.0.0.1");
  }

  static GeneralName workload() {
    return new GeneralName(
        GeneralName.uniformResourceIdentifier, "spiffe://cluster.local/ns/shop/sa/evil");
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(
      String issuer,
      KeyPair signer,
      String subject,
      KeyPair key,
      boolean ca,
      Duration left,
      KeyPurposeId usage,
      GeneralName... names)
      throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + issuer),
            BigInteger.valueOf(SERIAL.getAndIncrement()),
            Date.from(NOW.minus(Duration.ofDays(1))),
            Date.from(NOW.plus(left)),
            new X500Name("CN=" + subject),
            key.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usage));
    if (names.length > 0) {
      builder.addExtension(Extension.subjectAlternativeName, true, new GeneralNames(names));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
  }
}
