package dev.weft.meshctl;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root, an intermediate, and TLS contexts with leaves from them, as the control server has. */
final class TestAuthority {
  private final KeyPair rootKeys = keys();
  private final KeyPair issuerKeys = keys();
  private final X509Certificate root;
  private final X509Certificate issuer;

  TestAuthority() throws Exception {
    this.root = certificate("root", rootKeys, "root", rootKeys, true, null);
    this.issuer = certificate("issuer", issuerKeys, "root", rootKeys, true, null);
  }

  X509Certificate root() {
    return root;
  }

  SSLContext server() throws Exception {
    return context(new GeneralName(GeneralName.dNSName, "localhost"));
  }

  SSLContext workload() throws Exception {
    return context(
        new GeneralName(
            GeneralName.uniformResourceIdentifier, "spiffe://cluster.local/ns/default/sa/evil"));
  }

  private SSLContext context(GeneralName name) throws Exception {
    KeyPair keys = keys();
    X509Certificate leaf = certificate("leaf", keys, "issuer", issuerKeys, false, name);
    // PKCS12 derives a key from the password, at each handshake with PKIX.
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    char[] password = "password".toCharArray();
    store.setKeyEntry("key", keys.getPrivate(), password, new Certificate[] {leaf, issuer, root});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(
      String subject, KeyPair keys, String issuer, KeyPair signer, boolean ca, GeneralName name)
      throws Exception {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + issuer),
            BigInteger.valueOf(subject.hashCode() & 0x7FFFFFFF),
            Date.from(now.minusSeconds(300)),
            Date.from(now.plusSeconds(3600)),
            new X500Name("CN=" + subject),
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    if (name != null) {
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
  }
}
