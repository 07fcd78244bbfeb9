package dev.weft.instrumentation.httpurlconnection;

import dev.weft.dataplane.outbound.ReplayBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * What the application wrote, and how it wants it framed. Held back up to 64 KiB, so that it can be
 * sent again. A body without a streaming mode is held back whole, as the runtime does; one with a
 * streaming mode flows on through a {@link Pipe} beyond that.
 *
 * <p>Used by the thread of the application until the pipe is opened, then also by the sending one.
 */
final class RequestBody extends OutputStream {
  private final Framing framing;
  private final PipeOpener opener;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private volatile @Nullable Pipe pipe;
  private volatile boolean started;
  private boolean closed;
  private long written;

  RequestBody(Framing framing, PipeOpener opener) {
    this.framing = framing;
    this.opener = opener;
  }

  /** Whether the body can be sent once more. */
  boolean replayable() {
    return !started || (pipe == null && held.size() <= ReplayBuffer.LIMIT);
  }

  /** All of the body, once it was sent; null when it is too big. */
  byte @Nullable [] whole() {
    return !started || pipe != null || held.size() > ReplayBuffer.LIMIT ? null : held.toByteArray();
  }

  /** Whether the body is too big to wait for its end, so that sending has begun. */
  boolean flows() {
    return pipe != null;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    if (closed) {
      throw new IOException("stream is closed");
    }
    if (framing.length >= 0 && written + count > framing.length) {
      throw new IOException("too many bytes to write");
    }
    written += count;
    Pipe open = pipe;
    if (open == null && framing.streams() && held.size() + count > ReplayBuffer.LIMIT) {
      open = new Pipe(ReplayBuffer.LIMIT);
      pipe = open;
      opener.send();
    }
    if (open == null) {
      held.write(bytes, from, count);
    } else {
      open.write(bytes, from, count);
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (framing.length >= 0 && written < framing.length) {
      abandon(new IOException("insufficient data written"));
      throw new IOException("insufficient data written");
    }
    if (pipe != null) {
      pipe.end();
    }
  }

  /** The end that the application may have forgotten to write. */
  void finish() throws IOException {
    if (framing.streams()) {
      close();
    }
    closed = true;
  }

  /** Nobody will read any more: whoever writes gets the failure. */
  void abandon(IOException failure) {
    if (pipe != null) {
      pipe.fail(failure);
    }
  }

  /** Says that bytes of the body may leave from now on. */
  void markStarted() {
    started = true;
  }

  void announceTo(HttpURLConnection connection) {
    connection.setDoOutput(true);
    if (framing.length >= 0) {
      connection.setFixedLengthStreamingMode(framing.length);
    } else if (framing.chunk >= 0) {
      connection.setChunkedStreamingMode(framing.chunk);
    }
  }

  void writeTo(HttpURLConnection connection) throws IOException {
    try (OutputStream out = connection.getOutputStream()) {
      if (framing.streams()) {
        started = true;
      }
      held.writeTo(out);
      Pipe open = pipe;
      if (open != null) {
        open.drainTo(out);
      }
    }
  }

  /** Starts sending while the application still writes. */
  interface PipeOpener {
    void send();
  }

  /** The application's choice of streaming mode. Immutable. */
  static final class Framing {
    private final long length;
    private final int chunk;

    /**
     * @param length of the whole body, -1 when not announced
     * @param chunk size of chunks, -1 when not chunked
     */
    Framing(long length, int chunk) {
      this.length = length;
      this.chunk = chunk;
    }

    boolean streams() {
      return length >= 0 || chunk >= 0;
    }
  }
}
