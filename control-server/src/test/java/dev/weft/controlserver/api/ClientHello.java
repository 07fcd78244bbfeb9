package dev.weft.controlserver.api;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Base64;

/**
 * A ClientHello (RFC 5246, 7.4.1.2; RFC 8446, 4.1.2) written by hand, for a TLS library of today
 * offers nothing weak.
 */
final class ClientHello {
  /** Some valid point on P-256: the generator (SEC 2), uncompressed. */
  private static final byte[] POINT =
      Base64.getDecoder()
          .decode(
              "BGsX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU=");

  private ClientHello() {}

  /** One for at most {@code version} with these suites. */
  static byte[] of(int version, int... suites) throws IOException {
    return hello(version, false, suites);
  }

  static byte[] tls13() throws IOException {
    return hello(0x0303, true, 0x1301);
  }

  private static byte[] hello(int version, boolean tls13, int... suites) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(version);
    out.write(new byte[32]);
    out.writeByte(0);
    out.writeShort(2 * suites.length);
    for (int suite : suites) {
      out.writeShort(suite);
    }
    out.writeShort(0x0100);
    byte[] extensions = extensions(tls13);
    out.writeShort(extensions.length);
    out.write(extensions);
    byte[] body = bytes.toByteArray();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    DataOutputStream wire = new DataOutputStream(record);
    wire.writeByte(0x16);
    wire.writeShort(Math.min(version, 0x0301));
    wire.writeShort(body.length + 4);
    wire.writeInt(1 << 24 | body.length);
    wire.write(body);
    return record.toByteArray();
  }

  private static byte[] extensions(boolean tls13) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    // supported_groups: secp256r1
    out.writeShort(10);
    out.writeShort(4);
    out.writeShort(2);
    out.writeShort(23);
    // ec_point_formats: uncompressed
    out.writeShort(11);
    out.writeShort(2);
    out.writeShort(0x0100);
    // signature_algorithms: ecdsa_secp256r1_sha256, rsa_pkcs1_sha256, ecdsa_sha1, rsa_pkcs1_sha1
    out.writeShort(13);
    out.writeShort(10);
    out.writeShort(8);
    out.writeLong(0x0403_0401_0203_0201L);
    if (tls13) {
      // supported_versions: TLS 1.3
      out.writeShort(43);
      out.writeShort(3);
      out.writeByte(2);
      out.writeShort(0x0304);
      // key_share
      out.writeShort(51);
      out.writeShort(POINT.length + 6);
      out.writeShort(POINT.length + 4);
      out.writeShort(23);
      out.writeShort(POINT.length);
      out.write(POINT);
    }
    return bytes.toByteArray();
  }
}
