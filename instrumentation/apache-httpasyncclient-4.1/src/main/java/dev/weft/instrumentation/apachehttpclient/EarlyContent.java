package dev.weft.instrumentation.apachehttpclient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.http.nio.ContentDecoder;
import org.jspecify.annotations.Nullable;

/**
 * What of a response's body arrived before it was decided who reads it, and after that the rest as
 * it arrives. For one thread at a time.
 */
final class EarlyContent implements ContentDecoder {
  private static final byte[] NONE = new byte[0];

  private @Nullable ByteArrayOutputStream kept;
  private @Nullable ByteBuffer unread;
  private @Nullable ContentDecoder live;

  /** Reads what there is; how much is kept now. */
  int keep(ContentDecoder decoder) throws IOException {
    ByteArrayOutputStream bytes = kept == null ? new ByteArrayOutputStream() : kept;
    kept = bytes;
    ByteBuffer part = ByteBuffer.allocate(4096);
    while (decoder.read(part) > 0) {
      bytes.write(part.array(), 0, part.position());
      part.clear();
    }
    return bytes.size();
  }

  /** What is kept, and then what this one gives. */
  ContentDecoder before(ContentDecoder decoder) {
    live = decoder;
    return hasMore() ? this : decoder;
  }

  boolean hasMore() {
    if (unread == null && kept != null) {
      unread = ByteBuffer.wrap(kept.toByteArray());
    }
    return unread != null && unread.hasRemaining();
  }

  /** What nobody has read yet, of a body that ended. */
  byte[] rest() {
    ByteBuffer left = hasMore() ? unread : null;
    if (left == null) {
      return NONE;
    }
    byte[] bytes = new byte[left.remaining()];
    left.get(bytes);
    return bytes;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    ByteBuffer from = hasMore() ? unread : null;
    if (from == null) {
      return live == null ? 0 : live.read(to);
    }
    int count = Math.min(from.remaining(), to.remaining());
    ByteBuffer part = from.slice();
    part.limit(count);
    to.put(part);
    from.position(from.position() + count);
    return count;
  }

  @Override
  public boolean isCompleted() {
    return !hasMore() && live != null && live.isCompleted();
  }
}
