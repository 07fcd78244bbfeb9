package dev.weft.dataplane.jwt;

import dev.weft.policy.jwt.Jwks;
import dev.weft.policy.snapshot.JwtKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** An issuer of tokens, as a test has it: one key, and tokens of any content signed with it. */
public final class TestIssuer {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String algorithm;
  private final KeyPair pair;

  private TestIssuer(String algorithm, KeyPair pair) {
    this.algorithm = algorithm;
    this.pair = pair;
  }

  /** An issuer with a new key for an algorithm of RFC 7518 or 8037. */
  public static TestIssuer of(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator;
    if (algorithm.equals("EdDSA")) {
      generator = KeyPairGenerator.getInstance("Ed25519");
    } else if (algorithm.startsWith("ES")) {
      generator = KeyPairGenerator.getInstance("EC");
      String curve = algorithm.equals("ES512") ? "521" : algorithm.substring(2);
      generator.initialize(new ECGenParameterSpec("secp" + curve + "r1"));
    } else {
      generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
    }
    return new TestIssuer(algorithm, generator.generateKeyPair());
  }

  /** An issuer with this one's key for another algorithm of the key's type. */
  TestIssuer with(String algorithm) {
    return new TestIssuer(algorithm, pair);
  }

  /** Its key as identity providers publish it. */
  public String jwks(String kid) {
    String members;
    if (pair.getPublic() instanceof RSAPublicKey) {
      RSAPublicKey key = (RSAPublicKey) pair.getPublic();
      members =
          "\"kty\":\"RSA\",\"n\":\""
              + number(key.getModulus(), 256)
              + "\",\"e\":\""
              + number(key.getPublicExponent(), 3)
              + '"';
    } else if (pair.getPublic() instanceof ECPublicKey) {
      ECPublicKey key = (ECPublicKey) pair.getPublic();
      int bits = key.getParams().getCurve().getField().getFieldSize();
      int length = (bits + 7) / 8;
      members =
          "\"kty\":\"EC\",\"crv\":\"P-"
              + bits
              + "\",\"x\":\""
              + number(key.getW().getAffineX(), length)
              + "\",\"y\":\""
              + number(key.getW().getAffineY(), length)
              + '"';
    } else {
      byte[] encoded = pair.getPublic().getEncoded();
      byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
      members = "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + BASE64.encodeToString(point) + '"';
    }
    return "{\"keys\":[{" + members + ",\"kid\":\"" + kid + "\"}]}";
  }

  /** {@link #jwks} as an agent gets it. */
  public List<JwtKey> keys(String kid) {
    return Jwks.read(jwks(kid));
  }

  private static String number(BigInteger value, int length) {
    byte[] bytes = value.toByteArray();
    byte[] padded = new byte[length];
    int from = Math.max(0, bytes.length - length);
    System.arraycopy(bytes, from, padded, length - (bytes.length - from), bytes.length - from);
    return BASE64.encodeToString(padded);
  }

  /** A token with these claims. */
  public String token(String kid, String claims) throws GeneralSecurityException {
    return sign("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}", claims);
  }

  /** A token with this header, signed with the key whatever the header says. */
  public String sign(String header, String claims) throws GeneralSecurityException {
    String signed = part(header) + "." + part(claims);
    Signature signature = Signature.getInstance(jca());
    if (algorithm.startsWith("PS")) {
      int bits = Integer.parseInt(algorithm.substring(2));
      signature.setParameter(
          new PSSParameterSpec(
              "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), bits / 8, 1));
    }
    signature.initSign(pair.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = signature.sign();
    return signed + "." + BASE64.encodeToString(algorithm.startsWith("ES") ? joined(bytes) : bytes);
  }

  private String jca() {
    if (algorithm.equals("EdDSA")) {
      return "Ed25519";
    }
    return algorithm.startsWith("PS")
        ? "RSASSA-PSS"
        : "SHA" + algorithm.substring(2) + "with" + (algorithm.startsWith("RS") ? "RSA" : "ECDSA");
  }

  /** Out of DER. */
  private byte[] joined(byte[] der) {
    int length =
        (((ECPublicKey) pair.getPublic()).getParams().getCurve().getField().getFieldSize() + 7) / 8;
    int at = der[1] < 0 ? 3 : 2;
    int first = der[at + 1];
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(der, at + 2, at + 2 + first));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(der, at + 4 + first, der.length));
    byte[] joined = new byte[2 * length];
    byte[] left = Base64.getUrlDecoder().decode(number(r, length));
    byte[] right = Base64.getUrlDecoder().decode(number(s, length));
    System.arraycopy(left, 0, joined, 0, length);
    System.arraycopy(right, 0, joined, length, length);
    return joined;
  }

  /** One part of a token. */
  public static String part(String json) {
    return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
