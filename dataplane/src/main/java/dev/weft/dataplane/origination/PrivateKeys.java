package dev.weft.dataplane.origination;

import dev.weft.dataplane.identity.Pem;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys as OpenSSL has written them over the years: PKCS#8 (RFC 5958), PKCS#1 (RFC
 * 8017, {@code RSA PRIVATE KEY}) and SEC 1 (RFC 5915, {@code EC PRIVATE KEY}). Stateless.
 */
final class PrivateKeys {
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xa0;
  private static final byte[] VERSION = {0x02, 0x01, 0x00};

  /** rsaEncryption with its NULL. */
  private static final byte[] RSA = {
    0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0
  };

  /** id-ecPublicKey. */
  private static final byte[] EC = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };

  private PrivateKeys() {}

  /**
   * Reads the first key of a text.
   *
   * @throws GeneralSecurityException when there is none that can be read; do not show its message
   */
  static PrivateKey read(String text) throws GeneralSecurityException {
    byte[] rsa = block(text, "RSA PRIVATE KEY");
    byte[] ec = block(text, "EC PRIVATE KEY");
    if (rsa != null) {
      return wrapped(RSA, rsa);
    }
    return ec == null ? Pem.privateKey(text) : wrapped(joined(EC, curve(ec)), ec);
  }

  /** Whether a key needs a password. */
  static boolean isEncrypted(String text) {
    return text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains(",ENCRYPTED");
  }

  private static PrivateKey wrapped(byte[] algorithm, byte[] key) throws GeneralSecurityException {
    byte[] whole =
        der(SEQUENCE, joined(VERSION, joined(der(SEQUENCE, algorithm), der(OCTETS, key))));
    return Pem.privateKey(Pem.write("PRIVATE KEY", whole));
  }

  private static byte @Nullable [] block(String text, String type) throws GeneralSecurityException {
    String begin = "-----BEGIN " + type + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + type + "-----");
    if (from < 0 || to < from) {
      return null;
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the key is not Base64", e);
    }
  }

  /** The curve that a key of SEC 1 is on: what its part of tag [0] holds. */
  private static byte[] curve(byte[] key) throws GeneralSecurityException {
    try {
      int at = contentAt(key, 0);
      while (at < key.length) {
        int content = contentAt(key, at);
        int end = content + length(key, at);
        if ((key[at] & 0xff) == PARAMETERS) {
          return Arrays.copyOfRange(key, content, end);
        }
        at = end;
      }
    } catch (IndexOutOfBoundsException e) {
      throw new GeneralSecurityException("the key is damaged", e);
    }
    throw new GeneralSecurityException("the key does not say on which curve it is");
  }

  /** Keys are short: lengths of up to two bytes. */
  private static int length(byte[] der, int at) throws GeneralSecurityException {
    int first = der[at + 1] & 0xff;
    switch (first) {
      case 0x81:
        return der[at + 2] & 0xff;
      case 0x82:
        return (der[at + 2] & 0xff) << 8 | (der[at + 3] & 0xff);
      default:
        if (first > 0x7f) {
          throw new GeneralSecurityException("the key is damaged");
        }
        return first;
    }
  }

  private static int contentAt(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first > 0x7f ? first & 0x7f : 0);
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length > 0xff) {
      out.write(0x82);
      out.write(content.length >> 8);
    } else if (content.length > 0x7f) {
      out.write(0x81);
    }
    out.write(content.length);
    out.write(content, 0, content.length);
    return out.toByteArray();
  }

  private static byte[] joined(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }
}
