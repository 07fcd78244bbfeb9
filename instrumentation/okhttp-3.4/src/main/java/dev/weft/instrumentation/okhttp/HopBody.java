package dev.weft.instrumentation.okhttp;

import dev.weft.dataplane.outbound.ReplayBuffer;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ForwardingSink;
import okio.Okio;
import okio.Sink;
import org.jspecify.annotations.Nullable;

/**
 * The body of a hop. One that can be read once, or may be such a one because it does not know its
 * length, can be written again up to a limit.
 */
final class HopBody extends RequestBody {
  private final RequestBody body;
  private final boolean duplex;
  private final boolean oneShot;
  private final boolean remembered;
  private final long length;
  private final ReplayBuffer seen = new ReplayBuffer();
  private boolean started;

  HopBody(RequestBody body, Internals internals) {
    this.body = body;
    this.duplex = internals.isDuplex(body);
    this.oneShot = internals.isOneShot(body);
    this.length = lengthOf(body);
    this.remembered = !duplex && (oneShot || length < 0);
  }

  private static long lengthOf(RequestBody body) {
    try {
      return body.contentLength();
    } catch (IOException e) {
      return -1; // The library asks again and gets the exception.
    }
  }

  /** Whether the body can be sent once more. */
  boolean replayable() {
    if (!started) {
      return true;
    }
    return remembered ? seen.whole() != null : !duplex && length <= ReplayBuffer.LIMIT;
  }

  /** All of the body, once it was sent; null when it is too big or cannot be read again. */
  byte @Nullable [] whole() {
    if (!started || remembered || duplex || length > ReplayBuffer.LIMIT) {
      return seen.whole();
    }
    try {
      Buffer copy = new Buffer();
      body.writeTo(copy);
      return copy.readByteArray();
    } catch (IOException e) {
      return null;
    }
  }

  /** As the library's own of 3.14; it has none before. */
  public boolean isDuplex() {
    return duplex;
  }

  /** As the library's own of 3.14; it has none before. */
  public boolean isOneShot() {
    return oneShot;
  }

  @Override
  public @Nullable MediaType contentType() {
    return body.contentType();
  }

  @Override
  public long contentLength() throws IOException {
    return body.contentLength();
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    started = true;
    byte[] whole = seen.whole();
    if (whole != null) {
      sink.write(whole);
    } else if (remembered) {
      BufferedSink tee = Okio.buffer(new Tee(sink));
      body.writeTo(tee);
      tee.emit();
      seen.end();
    } else {
      body.writeTo(sink);
    }
  }

  private final class Tee extends ForwardingSink {
    Tee(Sink sink) {
      super(sink);
    }

    @Override
    public void write(Buffer source, long count) throws IOException {
      Buffer copy = new Buffer();
      source.copyTo(copy, 0, count);
      byte[] bytes = copy.readByteArray();
      super.write(source, count);
      seen.remember(bytes, 0, bytes.length);
    }
  }
}
