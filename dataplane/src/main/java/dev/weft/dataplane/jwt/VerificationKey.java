package dev.weft.dataplane.jwt;

import dev.weft.policy.snapshot.JwtKey;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** One key of an issuer, as the JDK has it. Immutable. */
final class VerificationKey {
  /** RFC 7518, section 3.3: smaller keys must not be used. */
  private static final int LEAST_RSA_BITS = 2048;

  /** Larger ones would let an issuer spend the workload's processor. */
  private static final int MOST_RSA_BITS = 8192;

  private static final int MOST_EXPONENT_BITS = 64;

  /** What stands before an Ed25519 key in X.509 (RFC 8410, section 10.1). */
  private static final byte[] ED25519 = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0
  };

  private final @Nullable String id;
  private final @Nullable String algorithm;
  private final JwtKey.Type type;
  private final PublicKey key;

  private VerificationKey(JwtKey document, PublicKey key) {
    this.id = document.id;
    this.algorithm = document.algorithm;
    this.type = document.type;
    this.key = key;
  }

  /** The key; null when it is too weak, damaged, or of a kind that this JVM does not know. */
  static @Nullable VerificationKey of(JwtKey document) {
    try {
      PublicKey key = publicKey(document);
      return key == null ? null : new VerificationKey(document, key);
    } catch (GeneralSecurityException | RuntimeException e) {
      return null;
    }
  }

  private static @Nullable PublicKey publicKey(JwtKey key) throws GeneralSecurityException {
    switch (key.type) {
      case RSA:
        return rsa(number(key.first), number(key.second));
      case EC:
        return ec(key.curve, number(key.first), number(key.second));
      default:
        return key.curve.equals("Ed25519")
            ? ed25519(Base64.getUrlDecoder().decode(key.first))
            : null;
    }
  }

  private static @Nullable PublicKey rsa(BigInteger modulus, BigInteger exponent)
      throws GeneralSecurityException {
    boolean sound =
        modulus.bitLength() >= LEAST_RSA_BITS
            && modulus.bitLength() <= MOST_RSA_BITS
            && exponent.testBit(0)
            && exponent.bitLength() > 1
            && exponent.bitLength() <= MOST_EXPONENT_BITS;
    return sound
        ? KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent))
        : null;
  }

  private static @Nullable PublicKey ec(String curve, BigInteger x, BigInteger y)
      throws GeneralSecurityException {
    String name =
        curve.equals("P-256")
            ? "secp256r1"
            : curve.equals("P-384") ? "secp384r1" : curve.equals("P-521") ? "secp521r1" : null;
    if (name == null) {
      return null;
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(name));
    ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
    return isOn(spec.getCurve(), x, y)
        ? KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), spec))
        : null;
  }

  /** A point beside the curve would be no key, and not every JVM looks. */
  private static boolean isOn(EllipticCurve curve, BigInteger x, BigInteger y) {
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    return x.compareTo(p) < 0
        && y.compareTo(p) < 0
        && y.multiply(y)
                .subtract(x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB()))
                .mod(p)
                .signum()
            == 0;
  }

  private static @Nullable PublicKey ed25519(byte[] point) throws GeneralSecurityException {
    if (point.length != 32) {
      return null;
    }
    byte[] encoded = Arrays.copyOf(ED25519, ED25519.length + point.length);
    System.arraycopy(point, 0, encoded, ED25519.length, point.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static BigInteger number(String base64url) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(base64url));
  }

  /** Whether a token that names this {@code kid} (null: none) and algorithm may be of this key. */
  boolean fits(@Nullable String kid, SignatureAlgorithm wanted) {
    return (kid == null || id == null || kid.equals(id))
        && (algorithm == null || algorithm.equals(wanted.name()))
        && type == wanted.type()
        && (type != JwtKey.Type.EC
            || ((ECPublicKey) key).getParams().getCurve().getField().getFieldSize()
                == wanted.bits());
  }

  boolean verifies(SignatureAlgorithm wanted, byte[] signed, byte[] signature) {
    try {
      return wanted.verifies(key, signed, signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
