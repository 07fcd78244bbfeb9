package dev.weft.dataplane.jwt;

import dev.weft.policy.snapshot.JwtKey;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Algorithms of RFC 7518, section 3.1, and RFC 8037 that verify with a public key. There is neither
 * {@code none} nor any with a shared secret: who can verify those can also forge.
 */
enum SignatureAlgorithm {
  RS256(JwtKey.Type.RSA, "SHA256withRSA", 256),
  RS384(JwtKey.Type.RSA, "SHA384withRSA", 384),
  RS512(JwtKey.Type.RSA, "SHA512withRSA", 512),
  PS256(JwtKey.Type.RSA, "RSASSA-PSS", 256),
  PS384(JwtKey.Type.RSA, "RSASSA-PSS", 384),
  PS512(JwtKey.Type.RSA, "RSASSA-PSS", 512),
  ES256(JwtKey.Type.EC, "SHA256withECDSA", 256),
  ES384(JwtKey.Type.EC, "SHA384withECDSA", 384),
  ES512(JwtKey.Type.EC, "SHA512withECDSA", 521),
  /** Where the JVM has it, from 15 on. */
  EdDSA(JwtKey.Type.OKP, "Ed25519", 0);

  private final JwtKey.Type type;
  private final String jca;

  /** Of the digest, and of EC the field of the curve. */
  private final int bits;

  SignatureAlgorithm(JwtKey.Type type, String jca, int bits) {
    this.type = type;
    this.jca = jca;
    this.bits = bits;
  }

  /** The algorithm of that name, in this case; null for any other. */
  static @Nullable SignatureAlgorithm named(@Nullable String name) {
    for (SignatureAlgorithm each : values()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  JwtKey.Type type() {
    return type;
  }

  /** Of EC, the size of the field in bits: it names the one curve that the algorithm is for. */
  int bits() {
    return bits;
  }

  /**
   * Whether the signature is of this key.
   *
   * @throws GeneralSecurityException when the JVM cannot tell
   */
  boolean verifies(PublicKey key, byte[] signed, byte[] signature) throws GeneralSecurityException {
    byte[] encoded = signature;
    if (type == JwtKey.Type.EC) {
      encoded = EcSignature.encoded(signature, (ECPublicKey) key);
      if (encoded.length == 0) {
        return false;
      }
    }
    Signature verifier = Signature.getInstance(jca);
    if (jca.equals("RSASSA-PSS")) {
      String digest = "SHA-" + bits;
      verifier.setParameter(
          new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), bits / 8, 1));
    }
    verifier.initVerify(key);
    verifier.update(signed);
    return verifier.verify(encoded);
  }
}
