package dev.weft.dataplane.identity;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a client writes to a secured connection, collected so that a request's head and body share
 * TLS records. A flush right after a head waits for what follows it, a body, a read or another
 * flush; any other flush goes out at once, so that an application that streams is never held up.
 * One writer and one reader at a time; a reader never waits for a writer.
 */
final class LayeredOutput extends OutputStream {
  private static final int SIZE = 16 * 1024;

  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private final byte[] buffer = new byte[SIZE];
  private final boolean collecting;
  private int count;
  private boolean held;
  private volatile boolean readerWaits;

  /**
   * An output.
   *
   * @param collecting false sends each write at once, for clients that do not flush
   */
  LayeredOutput(OutputStream out, boolean collecting) {
    this.out = out;
    this.collecting = collecting;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      if (length > SIZE - count) {
        drain();
      }
      if (length >= SIZE || !collecting) {
        out.write(bytes, offset, length);
      } else {
        System.arraycopy(bytes, offset, buffer, count, length);
        count += length;
      }
      if (held && readerWaits) {
        drain();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      if (!held && !readerWaits && endsHead()) {
        held = true;
      } else {
        drain();
        out.flush();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends what is left and closes the connection. */
  @Override
  public void close() throws IOException {
    send();
    out.close();
  }

  /** Sends all that was written. */
  void send() throws IOException {
    lock.lock();
    try {
      drain();
      out.flush();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #send}, unless a writer is at work; then false. */
  boolean trySend() throws IOException {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      drain();
      out.flush();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A reader is going to wait for an answer, so what was written has to be on its way. A writer at
   * work is not waited for, it may itself wait until the reader makes room; it sees the reader and
   * sends what it had held.
   */
  void readerWaits() throws IOException {
    readerWaits = true;
    trySend();
  }

  void readerGoes() {
    readerWaits = false;
  }

  private void drain() throws IOException {
    int length = count;
    count = 0;
    held = false;
    if (length > 0) {
      out.write(buffer, 0, length);
    }
  }

  private boolean endsHead() {
    return count >= 4
        && buffer[count - 1] == '\n'
        && buffer[count - 2] == '\r'
        && buffer[count - 3] == '\n'
        && buffer[count - 4] == '\r';
  }
}
