package dev.weft.agent.control;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of bytes of bounded length, each of which must be complete a minute after it began.
 * Not thread-safe.
 */
final class LineReader {

  private static final long LINE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final InputStream in;
  private final int maxBytes;
  private final LongSupplier nanos;
  private final byte[] buffer = new byte[8_192];
  private int from;
  private int to;

  LineReader(InputStream in, int maxBytes, LongSupplier nanos) {
    this.in = in;
    this.maxBytes = maxBytes;
    this.nanos = nanos;
  }

  /**
   * The next line without its end; null at the end of the stream.
   *
   * @throws EOFException when the stream ends within a line: half a document is none
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long began = 0;
    while (true) {
      for (int at = from; at < to; at++) {
        if (buffer[at] == '\n') {
          line.write(buffer, from, at - from);
          from = at + 1;
          return line.size() == 0 ? new byte[0] : line.toByteArray();
        }
      }
      line.write(buffer, from, to - from);
      from = 0;
      to = 0;
      if (line.size() > maxBytes) {
        throw new IOException("the control server sent a line of more than " + maxBytes + " bytes");
      }
      if (line.size() > 0) {
        long now = nanos.getAsLong();
        began = began == 0 ? now : began;
        if (now - began > LINE_NANOS) {
          throw new SocketTimeoutException("the control server takes too long for a line");
        }
      }
      int n = in.read(buffer);
      if (n < 0) {
        if (line.size() > 0) {
          throw new EOFException("the control server stopped in the middle of a line");
        }
        return null;
      }
      to = n;
    }
  }
}
