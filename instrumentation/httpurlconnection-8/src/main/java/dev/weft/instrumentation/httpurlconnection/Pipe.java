package dev.weft.instrumentation.httpurlconnection;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Bytes from the thread that writes a body to the thread that sends it; bounded. Thread-safe. */
final class Pipe {
  private final byte[] ring;
  private int start;
  private int filled;
  private boolean ended;
  private @Nullable IOException failure;

  Pipe(int capacity) {
    this.ring = new byte[capacity];
  }

  /** Waits for room as long as it takes: the reader's timeouts bound it. */
  synchronized void write(byte[] bytes, int from, int count) throws IOException {
    int at = from;
    int left = count;
    while (left > 0) {
      while (filled == ring.length && failure == null) {
        await();
      }
      if (failure != null) {
        throw new IOException(failure.getMessage(), failure);
      }
      int end = (start + filled) % ring.length;
      int n = Math.min(left, Math.min(ring.length - filled, ring.length - end));
      System.arraycopy(bytes, at, ring, end, n);
      filled += n;
      at += n;
      left -= n;
      notifyAll();
    }
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized void fail(IOException reason) {
    if (failure == null) {
      failure = reason;
    }
    notifyAll();
  }

  void drainTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = read(buffer); n >= 0; n = read(buffer)) {
      out.write(buffer, 0, n);
    }
  }

  private synchronized int read(byte[] into) throws IOException {
    while (filled == 0 && !ended && failure == null) {
      await();
    }
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    if (filled == 0) {
      return -1;
    }
    int n = Math.min(into.length, Math.min(filled, ring.length - start));
    System.arraycopy(ring, start, into, 0, n);
    start = (start + n) % ring.length;
    filled -= n;
    notifyAll();
    return n;
  }

  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private void await() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while sending the request body");
    }
  }
}
