package dev.weft.dataplane.outbound;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What was sent of a body that can be read only once, so that it can be sent again, up to {@link
 * #LIMIT}. Written by one thread at a time, read by any.
 */
public final class ReplayBuffer {
  /** Bytes of a body that is still sent again: 64 KiB. */
  public static final int LIMIT = 64 * 1024;

  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private boolean overflowed;
  private volatile byte @Nullable [] whole;

  /** Remembers bytes that were sent. */
  public void remember(byte[] bytes, int from, int count) {
    if (fits(count)) {
      seen.write(bytes, from, count);
    }
  }

  /** Remembers the next {@code count} bytes of a buffer, whose position stays where it is. */
  public void remember(ByteBuffer bytes, int count) {
    if (fits(count)) {
      byte[] copy = new byte[count];
      bytes.duplicate().get(copy);
      seen.write(copy, 0, count);
    }
  }

  /** A stream that remembers what it has written to another. */
  public OutputStream tee(OutputStream to) {
    return new FilterOutputStream(to) {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        remember(bytes, from, count);
      }
    };
  }

  private boolean fits(int count) {
    if (overflowed || seen.size() + count > LIMIT) {
      overflowed = true;
      seen.reset();
    }
    return !overflowed;
  }

  /** Says that the body ended. */
  public void end() {
    if (!overflowed) {
      whole = seen.toByteArray();
    }
  }

  /** All of the body, or null when it did not end yet or is too big. Not to be changed. */
  public byte @Nullable [] whole() {
    return whole;
  }
}
