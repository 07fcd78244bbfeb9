package dev.weft.controlserver.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * The one thing taken from a PKCS#10 request: a public key whose owner signed the request.
 *
 * <p>Names, extensions and attributes in the request are not read at all, so none of them can reach
 * a certificate. The key's kind and size are judged before the signature is computed, which bounds
 * the work a hostile request can cause.
 */
public final class CertificateRequest {
  /** Larger than any honest request (an RSA 4096 request is about 1.7 KB). */
  public static final int MAX_BYTES = 16 * 1024;

  private static final String ACCEPTED = "use EC P-256, EC P-384, or RSA of 2048 to 4096 bits";
  private static final Map<String, String> SIGNATURES =
      Map.of(
          "1.2.840.10045.4.3.2", "SHA256withECDSA",
          "1.2.840.10045.4.3.3", "SHA384withECDSA",
          "1.2.840.10045.4.3.4", "SHA512withECDSA",
          "1.2.840.113549.1.1.11", "SHA256withRSA",
          "1.2.840.113549.1.1.12", "SHA384withRSA",
          "1.2.840.113549.1.1.13", "SHA512withRSA");
  private static final Set<ASN1ObjectIdentifier> CURVES =
      Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1);

  private final PublicKey publicKey;

  private CertificateRequest(PublicKey publicKey) {
    this.publicKey = publicKey;
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** Reads and checks a DER request. */
  public static CertificateRequest parse(byte[] der) throws CsrException {
    if (der.length > MAX_BYTES) {
      throw new CsrException(
          "the certificate request has " + der.length + " bytes; the limit is " + MAX_BYTES);
    }
    try {
      PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
      PublicKey key = acceptableKey(request.getSubjectPublicKeyInfo());
      verify(request, key);
      return new CertificateRequest(key);
    } catch (IOException
        | GeneralSecurityException
        | RuntimeException
        | StackOverflowError malformed) {
      // The parser answers some malformed input with unchecked exceptions; all of it is the
      // sender's fault.
      throw new CsrException("the certificate request is not a well-formed PKCS#10 request");
    }
  }

  private static PublicKey acceptableKey(SubjectPublicKeyInfo info)
      throws CsrException, IOException, GeneralSecurityException {
    ASN1ObjectIdentifier algorithm = info.getAlgorithm().getAlgorithm();
    if (X9ObjectIdentifiers.id_ecPublicKey.equals(algorithm)) {
      Object curve = info.getAlgorithm().getParameters();
      if (!(curve instanceof ASN1ObjectIdentifier) || !CURVES.contains(curve)) {
        throw new CsrException("the key's curve is not accepted: " + ACCEPTED);
      }
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    }
    if (PKCSObjectIdentifiers.rsaEncryption.equals(algorithm)) {
      RSAPublicKey rsa = RSAPublicKey.getInstance(info.parsePublicKey());
      int bits = rsa.getModulus().bitLength();
      if (bits < 2048 || bits > 4096) {
        throw new CsrException("an RSA key of " + bits + " bits is not accepted: " + ACCEPTED);
      }
      BigInteger exponent = rsa.getPublicExponent();
      // A huge exponent makes every later handshake with this key expensive for its peers.
      if (exponent.bitLength() > 32 || exponent.bitLength() < 2 || !exponent.testBit(0)) {
        throw new CsrException("the RSA public exponent is not accepted: use 65537");
      }
      return KeyFactory.getInstance("RSA")
          .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    }
    throw new CsrException(
        "the key algorithm " + algorithm.getId() + " is not accepted: " + ACCEPTED);
  }

  private static void verify(PKCS10CertificationRequest request, PublicKey key)
      throws CsrException, IOException, GeneralSecurityException {
    String name = SIGNATURES.get(request.getSignatureAlgorithm().getAlgorithm().getId());
    if (name == null || !name.endsWith(key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA")) {
      throw new CsrException(
          "the signature algorithm of the certificate request is not accepted: use SHA-256 or stronger with the key's own algorithm");
    }
    Signature signature = Signature.getInstance(name);
    signature.initVerify(key);
    signature.update(request.toASN1Structure().getCertificationRequestInfo().getEncoded("DER"));
    boolean proven;
    try {
      proven = signature.verify(request.getSignature());
    } catch (GeneralSecurityException malformedSignature) {
      proven = false;
    }
    if (!proven) {
      throw new CsrException("the certificate request is not signed by the key it contains");
    }
  }
}
