package dev.weft.instrumentation.testing.inbound;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests: one root, X.509-SVIDs signed by it. Thread-safe. */
public final class TestAuthority {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final KeyPair key;
  private final X509Certificate root;

  private TestAuthority(KeyPair key, X509Certificate root) {
    this.key = key;
    this.root = root;
  }

  /** A new root for a trust domain. */
  public static TestAuthority create(String trustDomain) {
    try {
      KeyPair key = newKey();
      X500Name name = new X500Name("CN=root of " + trustDomain);
      JcaX509v3CertificateBuilder builder = builder(name, name, key);
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(Extension.subjectAlternativeName, false, uri("spiffe://" + trustDomain));
      return new TestAuthority(key, sign(builder, key.getPrivate()));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("no test authority", e);
    }
  }

  /** The root certificate. */
  public X509Certificate root() {
    return root;
  }

  /** Issues an SVID that is valid for an hour. */
  public Credential issue(String spiffeId) {
    try {
      KeyPair leafKey = newKey();
      JcaX509v3CertificateBuilder builder =
          builder(
              new X500Name(root.getSubjectX500Principal().getName()),
              new X500Name("O=test"),
              leafKey);
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(
                  new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                  }))
          .addExtension(Extension.subjectAlternativeName, false, uri(spiffeId));
      X509Certificate leaf = sign(builder, key.getPrivate());
      return new Credential(leafKey.getPrivate(), List.of(leaf));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("no SVID for " + spiffeId, e);
    }
  }

  /**
   * A key and the certificates for it.
   *
   * @param key private key of the first certificate
   * @param chain leaf first, without the root
   */
  public record Credential(PrivateKey key, List<X509Certificate> chain) {}

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair key) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        BigInteger.valueOf(SERIAL.getAndIncrement()),
        Date.from(now.minusSeconds(300)),
        Date.from(now.plusSeconds(3600)),
        subject,
        key.getPublic());
  }

  private static GeneralNames uri(String uri) {
    return new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }
}
