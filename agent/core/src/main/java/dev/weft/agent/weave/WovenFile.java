package dev.weft.agent.weave;

import java.io.DataInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What one unit makes of one class file, as a file: the lengths of what follows, the unit with the
 * class's name, the bytes before, the bytes after, and a checksum of it all. Immutable.
 */
final class WovenFile {
  private static final int MAGIC = 0x57656601;
  private static final int HEAD = 4 * 4;
  private static final int TAIL = 4;
  private static final int MAX_BYTES = 16 << 20;

  private final byte[] key;
  private final byte[] before;

  /** About what the unit makes of these bytes; whoever has them must not change them. */
  WovenFile(String unit, String className, byte[] before) {
    this.key = (unit + '\n' + className).getBytes(StandardCharsets.UTF_8);
    this.before = before;
  }

  /** Name of the file; others may have it too, which {@link #read} tells apart. */
  String name() {
    return Integer.toHexString(checksum(key, key.length))
        + '-'
        + Integer.toHexString(checksum(before, before.length))
        + '-'
        + Integer.toHexString(before.length);
  }

  /** The content of the file. */
  byte[] content(byte[] after) {
    ByteBuffer out = ByteBuffer.allocate(HEAD + key.length + before.length + after.length + TAIL);
    out.putInt(MAGIC).putInt(key.length).putInt(before.length).putInt(after.length);
    out.put(key).put(before).put(after);
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  /**
   * The bytes after, null when there is no such file, or one that is damaged or about something
   * else.
   *
   * @throws IOException when it cannot be read
   */
  byte @Nullable [] read(File file) throws IOException {
    long length = file.length();
    if (length < HEAD + TAIL || length > MAX_BYTES) {
      return null;
    }
    byte[] content = new byte[(int) length];
    try (DataInputStream in = new DataInputStream(new FileInputStream(file))) {
      in.readFully(content);
    }
    return after(content);
  }

  private byte @Nullable [] after(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content);
    if (in.getInt() != MAGIC || in.getInt() != key.length || in.getInt() != before.length) {
      return null;
    }
    long length = in.getInt();
    int end = content.length - TAIL;
    if (length < 0
        || HEAD + key.length + before.length + length != end
        || in.getInt(end) != checksum(content, end)
        || !next(in, key.length).equals(ByteBuffer.wrap(key))
        || !next(in, before.length).equals(ByteBuffer.wrap(before))) {
      return null;
    }
    byte[] after = new byte[(int) length];
    in.get(after);
    return after;
  }

  private static ByteBuffer next(ByteBuffer in, int length) {
    ByteBuffer part = in.slice();
    part.limit(length);
    in.position(in.position() + length);
    return part;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
