package dev.weft.agent.control;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root and an intermediate, and whatever certificates a test needs below them. */
final class TestAuthority {

  final X509Certificate root;
  final X509Certificate intermediate;
  private final PrivateKey issuerKey;

  private TestAuthority(X509Certificate root, X509Certificate intermediate, PrivateKey issuerKey) {
    this.root = root;
    this.intermediate = intermediate;
    this.issuerKey = issuerKey;
  }

  static TestAuthority create() throws Exception {
    KeyPair rootKeys = keys();
    X500Name rootName = new X500Name("CN=root");
    Instant start = Instant.now().minusSeconds(600);
    Instant end = Instant.now().plusSeconds(3600);
    X509Certificate root =
        sign(rootName, rootKeys.getPrivate(), rootName, rootKeys.getPublic(), start, end, null);
    KeyPair issuer = keys();
    X509Certificate intermediate =
        sign(
            rootName,
            rootKeys.getPrivate(),
            new X500Name("CN=issuer"),
            issuer.getPublic(),
            start,
            end,
            null);
    return new TestAuthority(root, intermediate, issuer.getPrivate());
  }

  static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** A leaf whose validity begins a minute ago and ends {@code life} from {@code now}. */
  X509Certificate leaf(PublicKey key, GeneralName name, Instant now, Duration life)
      throws Exception {
    return sign(
        new X500Name("CN=issuer"),
        issuerKey,
        new X500Name("CN=leaf"),
        key,
        now.minusSeconds(60),
        now.plus(life),
        name);
  }

  X509Certificate workload(PublicKey key, String spiffeId, Instant now, Duration life)
      throws Exception {
    return leaf(key, new GeneralName(GeneralName.uniformResourceIdentifier, spiffeId), now, life);
  }

  X509Certificate server(PublicKey key) throws Exception {
    return leaf(
        key,
        new GeneralName(GeneralName.dNSName, "control.test"),
        Instant.now(),
        Duration.ofHours(1));
  }

  private static X509Certificate sign(
      X500Name issuer,
      PrivateKey issuerKey,
      X500Name subject,
      PublicKey key,
      Instant start,
      Instant end,
      GeneralName name)
      throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(System.nanoTime()),
            Date.from(start),
            Date.from(end),
            subject,
            key);
    boolean authority = name == null;
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
    if (!authority) {
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(Extension.subjectAlternativeName, true, new GeneralNames(name));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
  }
}
