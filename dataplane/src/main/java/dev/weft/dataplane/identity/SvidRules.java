package dev.weft.dataplane.identity;

import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an X.509-SVID must be beyond a valid PKIX path (X509-SVID sections 2 to 4): JSSE's check
 * knows none of it. Stateless.
 */
final class SvidRules {
  private static final int URI_NAME = 6;
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;
  private static final int MIN_RSA_BITS = 2048;
  private static final int MIN_EC_BITS = 256;

  /** SHA-2 with ECDSA (RFC 5758) and RSA (RFC 4055); no list of the weak ones is ever complete. */
  private static final List<String> SIGNATURES =
      Arrays.asList(
          "1.2.840.10045.4.3.2",
          "1.2.840.10045.4.3.3",
          "1.2.840.10045.4.3.4",
          "1.2.840.113549.1.1.11",
          "1.2.840.113549.1.1.12",
          "1.2.840.113549.1.1.13");

  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  private SvidRules() {}

  /** The one SPIFFE ID of a leaf; every broken rule is an exception that names it. */
  static SpiffeId checkLeaf(X509Certificate leaf) throws CertificateException {
    if (leaf.getBasicConstraints() >= 0) {
      throw new CertificateException("the leaf is a CA certificate");
    }
    boolean[] usage = leaf.getKeyUsage();
    if (usage == null || !usage[DIGITAL_SIGNATURE]) {
      throw new CertificateException("the leaf's key usage lacks digitalSignature");
    }
    if (usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
      throw new CertificateException("the leaf's key usage allows signing certificates or CRLs");
    }
    List<String> extended = leaf.getExtendedKeyUsage();
    if (extended == null || !extended.contains(SERVER_AUTH) || !extended.contains(CLIENT_AUTH)) {
      throw new CertificateException(
          "the leaf's extended key usage lacks serverAuth or clientAuth");
    }
    checkStrength(leaf);
    return spiffeId(leaf);
  }

  /** Signature and key of any certificate of the path, the root included. */
  static void checkStrength(X509Certificate certificate) throws CertificateException {
    if (!SIGNATURES.contains(certificate.getSigAlgOID())) {
      throw new CertificateException("signed with " + certificate.getSigAlgName());
    }
    PublicKey key = certificate.getPublicKey();
    if (key instanceof RSAPublicKey) {
      int bits = ((RSAPublicKey) key).getModulus().bitLength();
      if (bits < MIN_RSA_BITS) {
        throw new CertificateException("an RSA key of " + bits + " bits is too weak");
      }
    } else if (key instanceof ECPublicKey) {
      int bits = ((ECPublicKey) key).getParams().getCurve().getField().getFieldSize();
      if (bits < MIN_EC_BITS) {
        throw new CertificateException("an EC key of " + bits + " bits is too weak");
      }
    } else {
      throw new CertificateException("a key of type " + key.getAlgorithm() + " is not supported");
    }
  }

  private static SpiffeId spiffeId(X509Certificate leaf) throws CertificateException {
    Collection<List<?>> names;
    try {
      names = leaf.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      throw new CertificateException("the subject alternative names are damaged", e);
    }
    @Nullable String uri = null;
    if (names != null) {
      for (List<?> name : names) {
        if (Integer.valueOf(URI_NAME).equals(name.get(0))) {
          if (uri != null) {
            throw new CertificateException("the leaf has more than one URI name");
          }
          uri = String.valueOf(name.get(1));
        }
      }
    }
    if (uri == null) {
      throw new CertificateException("the leaf has no URI name");
    }
    SpiffeId id = SpiffeId.parse(uri);
    if (id == null || id.path().isEmpty()) {
      throw new CertificateException("the leaf's URI name is no SPIFFE ID of a workload: " + uri);
    }
    return id;
  }
}
