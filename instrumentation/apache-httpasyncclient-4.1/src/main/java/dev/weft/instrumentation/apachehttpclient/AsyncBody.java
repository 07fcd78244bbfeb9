package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.outbound.ReplayBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.jspecify.annotations.Nullable;

/**
 * The body of a hop, which remembers what the application produced, up to a limit, so that it can
 * be sent again. For one thread at a time.
 */
final class AsyncBody implements SentBody {
  private final HttpAsyncClientExchangeHandler exchange;
  private final ReplayBuffer seen = new ReplayBuffer();
  private @Nullable ByteBuffer again;
  private volatile boolean begun;
  private volatile boolean none;

  AsyncBody(HttpAsyncClientExchangeHandler exchange) {
    this.exchange = exchange;
  }

  /** Whether all of the body can be sent: it is here, or no byte of it was produced yet. */
  @Override
  public boolean replayable() {
    return !begun || seen.whole() != null;
  }

  /** Says that there is none. */
  void none() {
    none = true;
  }

  @Override
  public byte @Nullable [] whole() {
    return none ? new byte[0] : seen.whole();
  }

  /** Before each attempt. */
  void rewind() {
    byte[] whole = seen.whole();
    again = whole == null ? null : ByteBuffer.wrap(whole);
  }

  void produce(ContentEncoder encoder, IOControl control) throws IOException {
    ByteBuffer rest = again;
    if (rest != null) {
      encoder.write(rest);
      if (!rest.hasRemaining()) {
        encoder.complete();
      }
      return;
    }
    begun = true;
    exchange.produceContent(new Tee(encoder), control);
    if (encoder.isCompleted()) {
      seen.end();
    }
  }

  private final class Tee implements ContentEncoder {
    private final ContentEncoder out;

    Tee(ContentEncoder out) {
      this.out = out;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      ByteBuffer written = bytes.duplicate();
      int count = out.write(bytes);
      if (count > 0) {
        seen.remember(written, Math.min(count, written.remaining()));
      }
      return count;
    }

    @Override
    public void complete() throws IOException {
      out.complete();
    }

    @Override
    public boolean isCompleted() {
      return out.isCompleted();
    }
  }
}
