package dev.weft.dataplane.identity;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/**
 * A new key pair and the certificate request (PKCS#10, RFC 2986) that proves its possession. The
 * request names nobody: the control server decides the identity. Immutable.
 */
public final class SvidRequest {
  /** ecdsa-with-SHA256, RFC 5758. */
  private static final byte[] ECDSA_WITH_SHA256 = {
    0x30, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
  };

  private static final int SEQUENCE = 0x30;
  private static final int BIT_STRING = 0x03;

  private final KeyPair keys;
  private final byte[] der;

  private SvidRequest(KeyPair keys, byte[] der) {
    this.keys = keys;
    this.der = der;
  }

  /** Makes a P-256 key and its request. */
  public static SvidRequest create() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    byte[] version = {0x02, 0x01, 0x00};
    byte[] emptySubject = {SEQUENCE, 0x00};
    byte[] noAttributes = {(byte) 0xa0, 0x00};
    byte[] info =
        tagged(SEQUENCE, version, emptySubject, keys.getPublic().getEncoded(), noAttributes);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(info);
    byte[] bits = tagged(BIT_STRING, new byte[] {0x00}, signature.sign());
    return new SvidRequest(keys, tagged(SEQUENCE, info, ECDSA_WITH_SHA256, bits));
  }

  /** The key pair; the private half stays in this process. */
  public KeyPair keys() {
    return keys;
  }

  /** The request in DER. */
  public byte[] der() {
    return der.clone();
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] part : parts) {
      out.write(part, 0, part.length);
    }
    return out.toByteArray();
  }
}
