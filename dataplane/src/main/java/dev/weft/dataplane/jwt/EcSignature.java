package dev.weft.dataplane.jwt;

import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;

/** Signatures of ECDSA as tokens have them (RFC 7518, section 3.4) and as Java 8 wants them. */
final class EcSignature {
  private static final byte[] NONE = {};
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;

  private EcSignature() {}

  /**
   * The signature in DER; empty when its length or numbers are not possible for the key. That both
   * are from 1 to the order of the curve is asked here: JVMs have been that did not
   * (CVE-2022-21449).
   */
  static byte[] encoded(byte[] signature, ECPublicKey key) {
    int length = (key.getParams().getCurve().getField().getFieldSize() + 7) / 8;
    if (signature.length != 2 * length) {
      return NONE;
    }
    BigInteger order = key.getParams().getOrder();
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, length));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, length, 2 * length));
    if (r.signum() == 0 || s.signum() == 0 || r.compareTo(order) >= 0 || s.compareTo(order) >= 0) {
      return NONE;
    }
    byte[] first = r.toByteArray();
    byte[] second = s.toByteArray();
    int content = 4 + first.length + second.length;
    int header = content < 0x80 ? 2 : 3;
    byte[] der = new byte[header + content];
    der[0] = SEQUENCE;
    if (header == 3) {
      der[1] = (byte) 0x81;
    }
    der[header - 1] = (byte) content;
    int at = integer(der, header, first);
    integer(der, at, second);
    return der;
  }

  private static int integer(byte[] der, int at, byte[] value) {
    der[at] = INTEGER;
    der[at + 1] = (byte) value.length;
    System.arraycopy(value, 0, der, at + 2, value.length);
    return at + 2 + value.length;
  }
}
