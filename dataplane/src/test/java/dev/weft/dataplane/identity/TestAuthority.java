package dev.weft.dataplane.identity;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes good and bad certificates for tests. */
public final class TestAuthority {
  private final X500Name name;
  private final KeyPair keys;
  public final X509Certificate certificate;
  private final TestAuthority parent;

  private TestAuthority(
      X500Name name, KeyPair keys, X509Certificate certificate, TestAuthority parent) {
    this.name = name;
    this.keys = keys;
    this.certificate = certificate;
    this.parent = parent;
  }

  public static TestAuthority root(String name) {
    return root(name, Instant.now().plus(Duration.ofDays(1)));
  }

  static TestAuthority root(String name, Instant end) {
    KeyPair keys = keys("secp256r1");
    X500Name subject = new X500Name("CN=" + name);
    return new TestAuthority(
        subject, keys, ca(subject, keys, subject, keys, end, new BasicConstraints(true)), null);
  }

  public TestAuthority intermediate(String name) {
    return intermediate(name, Instant.now().plus(Duration.ofDays(1)));
  }

  TestAuthority intermediate(String child, Instant end) {
    KeyPair own = keys("secp256r1");
    X500Name subject = new X500Name("CN=" + child);
    return new TestAuthority(
        subject, own, ca(subject, own, name, keys, end, new BasicConstraints(0)), this);
  }

  /** An intermediate that may name this host of URIs only. */
  TestAuthority constrained(String child, String host) {
    KeyPair own = keys("secp256r1");
    X500Name subject = new X500Name("CN=" + child);
    Instant end = Instant.now().plus(Duration.ofDays(1));
    return new TestAuthority(
        subject, own, ca(subject, own, name, keys, end, new BasicConstraints(0), only(host)), this);
  }

  static TestAuthority constrainedRoot(String name, String host) {
    KeyPair keys = keys("secp256r1");
    X500Name subject = new X500Name("CN=" + name);
    Instant end = Instant.now().plus(Duration.ofDays(1));
    return new TestAuthority(
        subject,
        keys,
        ca(subject, keys, subject, keys, end, new BasicConstraints(true), only(host)),
        null);
  }

  private static NameConstraints only(String host) {
    return new NameConstraints(
        new GeneralSubtree[] {
          new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, host))
        },
        null);
  }

  /** A workload that poses as a CA. */
  static TestAuthority of(Svid leaf, TestAuthority issuer) {
    X500Name subject = new X500Name(leaf.leaf().getSubjectX500Principal().getName());
    KeyPair keys = new KeyPair(leaf.leaf().getPublicKey(), leaf.key());
    return new TestAuthority(subject, keys, leaf.leaf(), issuer);
  }

  Svid issue(String spiffeId) {
    return issue(leaf -> leaf.uris = Collections.singletonList(spiffeId));
  }

  public Svid issue(Consumer<Leaf> how) {
    Leaf leaf = new Leaf();
    how.accept(leaf);
    KeyPair own = leaf.keys == null ? keys(leaf.curve) : leaf.keys;
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(64, new SecureRandom()),
              Date.from(leaf.start),
              Date.from(leaf.end),
              new X500Name("CN=leaf"),
              own.getPublic());
      List<GeneralName> names = new ArrayList<>();
      leaf.uris.forEach(u -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, u)));
      leaf.dns.forEach(d -> names.add(new GeneralName(GeneralName.dNSName, d)));
      leaf.addresses.forEach(a -> names.add(new GeneralName(GeneralName.iPAddress, a)));
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(new GeneralName[0])));
      }
      if (leaf.usage != 0) {
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(leaf.usage));
      }
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(leaf.ca));
      if (leaf.purposes.length > 0) {
        builder.addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(leaf.purposes));
      }
      X509Certificate made =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder(leaf.algorithm).build(keys.getPrivate())));
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(made);
      for (TestAuthority above = this; above.parent != null; above = above.parent) {
        chain.add(above.certificate);
      }
      return Svid.of(own.getPrivate(), chain);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A list, in PEM, of what it has revoked. */
  public String revoking(X509Certificate... revoked) {
    Date now = new Date();
    X509v2CRLBuilder builder = new X509v2CRLBuilder(name, now);
    builder.setNextUpdate(Date.from(Instant.now().plus(Duration.ofDays(1))));
    for (X509Certificate each : revoked) {
      builder.addCRLEntry(each.getSerialNumber(), now, CRLReason.keyCompromise);
    }
    try {
      return Pem.write(
          "X509 CRL",
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
              .getEncoded());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate ca(
      X500Name subject,
      KeyPair own,
      X500Name issuer,
      KeyPair signer,
      Instant end,
      BasicConstraints constraints) {
    return ca(subject, own, issuer, signer, end, constraints, null);
  }

  private static X509Certificate ca(
      X500Name subject,
      KeyPair own,
      X500Name issuer,
      KeyPair signer,
      Instant end,
      BasicConstraints constraints,
      NameConstraints names) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(64, new SecureRandom()),
              Date.from(Instant.now().minus(Duration.ofDays(2))),
              Date.from(end),
              subject,
              own.getPublic());
      builder.addExtension(Extension.basicConstraints, true, constraints);
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      if (names != null) {
        builder.addExtension(Extension.nameConstraints, true, names);
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public static KeyPair keys(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** P-192, which the JDK no longer makes. */
  static KeyPair small() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
      generator.initialize(new ECGenParameterSpec("secp192r1"));
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair dsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("DSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A leaf's properties; the defaults make a good one but for its name. */
  public static final class Leaf {
    public List<String> uris = Arrays.asList("spiffe://cluster.local/ns/default/sa/orders");
    public List<String> dns = Collections.emptyList();
    public List<String> addresses = Collections.emptyList();
    public Instant start = Instant.now().minus(Duration.ofMinutes(1));
    public Instant end = Instant.now().plus(Duration.ofHours(1));
    boolean ca;
    int usage = KeyUsage.digitalSignature;
    KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
    String algorithm = "SHA256withECDSA";
    String curve = "secp256r1";
    public KeyPair keys;
  }
}
