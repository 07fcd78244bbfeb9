package dev.weft.dataplane.inbound;

import java.nio.ByteBuffer;

/** What a client of a port that takes mTLS and plaintext speaks, told by its first bytes. */
public enum Speech {
  /** Not enough has arrived to tell. */
  UNKNOWN,
  /** Anything but TLS. */
  PLAINTEXT,
  /** TLS, and the first record of its ClientHello is complete or as much as the buffer holds. */
  TLS;

  /** Type, version and length of a TLS record (RFC 8446, section 5.1). */
  private static final int RECORD_HEADER = 5;

  private static final int HANDSHAKE_RECORD = 0x16;

  /** First byte of the version in every record from SSL 3.0 to TLS 1.3. */
  private static final int MAJOR_VERSION = 3;

  /**
   * Judges what has been heard so far.
   *
   * @param heard bytes from 0 to its position; not changed
   */
  public static Speech of(ByteBuffer heard) {
    int length = heard.position();
    if (length == 0) {
      return UNKNOWN;
    }
    if (heard.get(0) != HANDSHAKE_RECORD) {
      return PLAINTEXT;
    }
    if (length > 1 && heard.get(1) != MAJOR_VERSION) {
      return PLAINTEXT;
    }
    return isFirstRecordComplete(heard) || !heard.hasRemaining() ? TLS : UNKNOWN;
  }

  private static boolean isFirstRecordComplete(ByteBuffer heard) {
    return heard.position() >= RECORD_HEADER
        && heard.position() >= RECORD_HEADER + (heard.getShort(3) & 0xffff);
  }
}
