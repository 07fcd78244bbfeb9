package dev.weft.instrumentation.apachehttpclient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.http.nio.ContentDecoder;
import org.jspecify.annotations.Nullable;

/**
 * What of a response's body is in memory: what arrived before it was decided who reads it, or what
 * the mesh answers itself. For one thread at a time, but for {@link #end}.
 */
final class EarlyContent implements ContentDecoder {
  private @Nullable ByteArrayOutputStream kept;
  private @Nullable ByteBuffer unread;
  private volatile boolean whole;

  /** Reads what there is; how much is kept now. */
  int keep(ContentDecoder decoder) throws IOException {
    ByteArrayOutputStream bytes = kept();
    ByteBuffer part = ByteBuffer.allocate(4096);
    while (decoder.read(part) > 0) {
      bytes.write(part.array(), 0, part.position());
      part.clear();
    }
    return bytes.size();
  }

  void keep(byte[] body) {
    kept().write(body, 0, body.length);
  }

  private ByteArrayOutputStream kept() {
    ByteArrayOutputStream bytes = kept == null ? new ByteArrayOutputStream() : kept;
    kept = bytes;
    return bytes;
  }

  /** Nothing comes after what is kept. */
  void end() {
    whole = true;
  }

  boolean hasMore() {
    if (unread == null && kept != null) {
      unread = ByteBuffer.wrap(kept.toByteArray());
    }
    return unread != null && unread.hasRemaining();
  }

  @Override
  public int read(ByteBuffer to) {
    ByteBuffer from = hasMore() ? unread : null;
    if (from == null) {
      return whole ? -1 : 0;
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
    return whole && !hasMore();
  }
}
