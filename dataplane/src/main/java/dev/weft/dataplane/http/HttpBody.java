package dev.weft.dataplane.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a response, without its framing: chunked, of a given length, or to the end of the
 * connection (RFC 9112, section 6.3). A body that ends before its framing says so is an {@link
 * EOFException}, never a short document.
 */
public final class HttpBody extends InputStream {

  private static final int CHUNKED = -2;
  private static final int MAX_LINE = 1_024;

  private final InputStream in;
  private final boolean chunked;
  private long left;
  private boolean first = true;
  private boolean ended;

  private HttpBody(InputStream in, long length) {
    this.in = in;
    this.chunked = length == CHUNKED;
    this.left = chunked ? 0 : length;
  }

  /** The content of a response whose head was read from {@code in}. */
  public static InputStream of(HttpHead head, InputStream in) {
    return new HttpBody(in, head.isChunked() ? CHUNKED : head.contentLength());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int n = read(one, 0, 1);
    return n < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (ended) {
      return -1;
    }
    if (left == 0 && (!chunked || !nextChunk())) {
      ended = true;
      return -1;
    }
    int wanted = left < 0 ? length : (int) Math.min(length, left);
    int n = in.read(buffer, offset, wanted);
    if (n < 0) {
      if (left < 0) {
        ended = true;
        return -1;
      }
      throw new EOFException("the answer ended in its middle");
    }
    if (left > 0) {
      left -= n;
    }
    return n;
  }

  private boolean nextChunk() throws IOException {
    int[] budget = {MAX_LINE};
    if (!first && !HttpHead.line(in, budget).isEmpty()) {
      throw new IOException("the answer is badly chunked");
    }
    first = false;
    String line = HttpHead.line(in, budget);
    int semicolon = line.indexOf(';');
    String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).trim();
    try {
      left = Long.parseLong(digits, 16);
    } catch (NumberFormatException e) {
      throw new IOException("the answer is badly chunked", e);
    }
    if (left < 0) {
      throw new IOException("the answer is badly chunked");
    }
    if (left == 0) {
      while (!HttpHead.line(in, budget).isEmpty()) {
        // Trailers, none of which mean anything here.
      }
      return false;
    }
    return true;
  }
}
