package dev.weft.controlserver.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The X.509 profiles of the mesh: root, issuing intermediate, leaf (RFC 5280, SPIFFE X509-SVID).
 */
final class CertificateSigner {
  /** Certificates start this much in the past, so that a clock slightly behind accepts them. */
  static final Duration BACKDATE = Duration.ofMinutes(1);

  private final Clock clock;
  private final SecureRandom random;

  CertificateSigner(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  Issuer root(String common, String trustDomain, Duration life) throws GeneralSecurityException {
    KeyPair pair = newKey();
    X500Name name = name(common, trustDomain);
    Instant now = now();
    X509v3CertificateBuilder builder =
        builder(name, pair.getPublic(), now.minus(BACKDATE), now.plus(life), name);
    return new Issuer(
        sign(
            builder,
            pair.getPrivate(),
            pair.getPublic(),
            pair.getPublic(),
            new BasicConstraints(true),
            null),
        pair.getPrivate());
  }

  /** {@code subject}'s name and key, vouched for by {@code by}. */
  X509Certificate crossSign(Issuer by, X509Certificate subject) throws GeneralSecurityException {
    Duration left = Duration.between(now(), subject.getNotAfter().toInstant());
    X500Name name = X500Name.getInstance(subject.getSubjectX500Principal().getEncoded());
    return sign(
        under(by, name, subject.getPublicKey(), left),
        by.key(),
        by.certificate().getPublicKey(),
        subject.getPublicKey(),
        new BasicConstraints(true),
        null);
  }

  Issuer intermediate(Issuer root, String trustDomain, Duration life)
      throws GeneralSecurityException {
    KeyPair pair = newKey();
    X509v3CertificateBuilder builder =
        under(root, name("Weft issuer", trustDomain), pair.getPublic(), life);
    return new Issuer(
        sign(
            builder,
            root.key(),
            root.certificate().getPublicKey(),
            pair.getPublic(),
            new BasicConstraints(0),
            null),
        pair.getPrivate());
  }

  /** Whether {@code certificate} says that {@code issuer}'s key signed it (RFC 5280, 4.2.1.1). */
  static boolean names(X509Certificate certificate, X509Certificate issuer) {
    byte[] authority = certificate.getExtensionValue(Extension.authorityKeyIdentifier.getId());
    byte[] subject = issuer.getExtensionValue(Extension.subjectKeyIdentifier.getId());
    try {
      return authority != null
          && subject != null
          && Arrays.equals(
              AuthorityKeyIdentifier.getInstance(
                      JcaX509ExtensionUtils.parseExtensionValue(authority))
                  .getKeyIdentifierOctets(),
              SubjectKeyIdentifier.getInstance(JcaX509ExtensionUtils.parseExtensionValue(subject))
                  .getKeyIdentifier());
    } catch (IOException malformed) {
      return false;
    }
  }

  X509Certificate leaf(Issuer issuer, PublicKey key, GeneralNames names, Duration life)
      throws GeneralSecurityException {
    // The subject stays empty: the subject alternative name alone says who this is, and is critical
    // for that reason
    // (RFC 5280, 4.2.1.6).
    X509v3CertificateBuilder builder = under(issuer, new X500Name(""), key, life);
    return sign(
        builder,
        issuer.key(),
        issuer.certificate().getPublicKey(),
        key,
        new BasicConstraints(false),
        names);
  }

  /** A certificate below {@code issuer}: valid neither before nor after its issuer is. */
  private X509v3CertificateBuilder under(
      Issuer issuer, X500Name subject, PublicKey key, Duration life) {
    Instant now = now();
    Instant issuerStart = issuer.certificate().getNotBefore().toInstant();
    Instant issuerEnd = issuer.certificate().getNotAfter().toInstant();
    if (!now.isBefore(issuerEnd)) {
      throw new IllegalStateException(
          "the issuing certificate expired at " + issuerEnd + " (clock: " + now + ")");
    }
    Instant start = now.minus(BACKDATE);
    Instant end = now.plus(life);
    return builder(
        X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded()),
        key,
        start.isBefore(issuerStart) ? issuerStart : start,
        end.isAfter(issuerEnd) ? issuerEnd : end,
        subject);
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, PublicKey key, Instant start, Instant end, X500Name subject) {
    return new JcaX509v3CertificateBuilder(
        issuer, serial(), Date.from(start), Date.from(end), subject, key);
  }

  private X509Certificate sign(
      X509v3CertificateBuilder builder,
      PrivateKey issuerKey,
      PublicKey issuerPublic,
      PublicKey subjectPublic,
      BasicConstraints constraints,
      @org.jspecify.annotations.Nullable GeneralNames names)
      throws GeneralSecurityException {
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, constraints);
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(
              constraints.isCA()
                  ? KeyUsage.keyCertSign | KeyUsage.cRLSign
                  : KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          identifiers.createSubjectKeyIdentifier(subjectPublic));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          identifiers.createAuthorityKeyIdentifier(issuerPublic));
      if (names != null) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
        builder.addExtension(Extension.subjectAlternativeName, true, names);
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .setSecureRandom(random)
                      .build(issuerKey)));
    } catch (CertIOException | OperatorCreationException e) {
      throw new GeneralSecurityException("a certificate could not be signed", e);
    }
  }

  private BigInteger serial() {
    BigInteger serial = new BigInteger(128, random);
    return serial.signum() == 0 ? BigInteger.ONE : serial;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private static X500Name name(String common, String trustDomain) {
    return X500Name.getInstance(
        new X500Principal("CN=" + common + ", O=" + trustDomain).getEncoded());
  }
}
