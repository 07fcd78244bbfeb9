package dev.weft.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * A join or admin token: {@code weft-join.<id>.<secret>.<root-fingerprint>}, parts in base64url.
 *
 * <p>One string does both halves of the first contact: the secret authenticates its bearer, the
 * fingerprint of the root certificate lets the bearer authenticate the server. The server keeps
 * {@link #id()} and {@link #secretHash()} only. Immutable; {@link #toString()} hides the secret.
 */
public final class AccessToken {
  /** Bytes of the secret. */
  public static final int SECRET_BYTES = 32;

  private static final int ID_BYTES = 12;
  private static final int HASH_BYTES = 32;
  private static final int MAX_TEXT = 256;

  /** What a token is for. */
  public enum Kind {
    /** Lets an agent obtain its first certificate. */
    JOIN("weft-join"),
    /** Lets an operator use the REST API. */
    ADMIN("weft-admin");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }

    /** Returns the text that such a token begins with, without the dot. */
    public String prefix() {
      return prefix;
    }
  }

  private final Kind kind;
  private final String id;
  private final byte[] secret;
  private final byte[] rootFingerprint;

  private AccessToken(Kind kind, String id, byte[] secret, byte[] rootFingerprint) {
    this.kind = kind;
    this.id = id;
    this.secret = secret;
    this.rootFingerprint = rootFingerprint;
  }

  /**
   * Returns a new token.
   *
   * @param rootFingerprint SHA-256 of the root certificate's DER, 32 bytes
   */
  public static AccessToken generate(Kind kind, byte[] rootFingerprint, SecureRandom random) {
    if (rootFingerprint.length != HASH_BYTES) {
      throw new IllegalArgumentException(
          "root fingerprint must have 32 bytes, not " + rootFingerprint.length);
    }
    byte[] id = new byte[ID_BYTES];
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    return new AccessToken(kind, encode(id), secret, rootFingerprint.clone());
  }

  /**
   * Reads a token, ignoring white space around it.
   *
   * @throws IllegalArgumentException saying which part is wrong, never quoting the secret
   */
  public static AccessToken parse(String text) {
    String trimmed = text.trim();
    if (trimmed.length() > MAX_TEXT) {
      throw malformed("it is longer than " + MAX_TEXT + " characters");
    }
    String[] parts = trimmed.split("\\.", -1);
    if (parts.length != 4) {
      throw malformed("it has " + parts.length + " parts between dots instead of 4");
    }
    Kind kind = null;
    for (Kind candidate : Kind.values()) {
      if (candidate.prefix().equals(parts[0])) {
        kind = candidate;
      }
    }
    if (kind == null) {
      throw malformed("it begins with neither weft-join nor weft-admin");
    }
    byte[] id = decode("id", parts[1], ID_BYTES);
    byte[] secret = decode("secret", parts[2], SECRET_BYTES);
    byte[] fingerprint = decode("root fingerprint", parts[3], HASH_BYTES);
    return new AccessToken(kind, encode(id), secret, fingerprint);
  }

  /** Returns what the token is for. */
  public Kind kind() {
    return kind;
  }

  /** Returns the public name of the token, fit for logs and lists. */
  public String id() {
    return id;
  }

  /** Returns the whole token with its secret. */
  public String text() {
    return kind.prefix() + '.' + id + '.' + encode(secret) + '.' + encode(rootFingerprint);
  }

  /** Returns SHA-256 of the DER of the root certificate that the server must prove. */
  public byte[] rootFingerprint() {
    return rootFingerprint.clone();
  }

  /** Returns the same token for a server that proves another root. */
  public AccessToken withRoot(byte[] otherFingerprint) {
    return new AccessToken(kind, id, secret, otherFingerprint.clone());
  }

  /** Returns SHA-256 of the secret: what a server keeps. */
  public byte[] secretHash() {
    return sha256(secret);
  }

  /**
   * Returns whether {@code storedHash} is this token's, in a time that does not tell how nearly.
   */
  public boolean matches(byte[] storedHash) {
    return MessageDigest.isEqual(secretHash(), storedHash);
  }

  /** Returns whether {@code root} is the certificate whose fingerprint this token carries. */
  public boolean trusts(X509Certificate root) {
    return MessageDigest.isEqual(rootFingerprint, fingerprint(root));
  }

  /** Returns SHA-256 of the certificate's DER. */
  public static byte[] fingerprint(X509Certificate certificate) {
    try {
      return sha256(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("certificate has no DER form", e);
    }
  }

  @Override
  public String toString() {
    return kind.prefix() + '.' + id + ".<secret>." + encode(rootFingerprint);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no SHA-256", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] decode(String part, String text, int length) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw malformed("its " + part + " is not base64url");
    }
    if (bytes.length != length) {
      throw malformed("its " + part + " has " + bytes.length + " bytes instead of " + length);
    }
    return bytes;
  }

  private static IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException(
        "malformed token: " + why + "; a token is made with `meshctl token create`");
  }
}
