package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.outbound.ReplayBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/** The body of a hop, which a one-shot entity of the application can write again up to a limit. */
final class HopEntity extends HttpEntityWrapper implements SentBody {
  private final boolean repeatable;
  private final ReplayBuffer seen = new ReplayBuffer();
  private boolean started;

  HopEntity(HttpEntity entity) {
    super(entity);
    this.repeatable = entity.isRepeatable();
  }

  @Override
  public byte @Nullable [] whole() {
    long length = getContentLength();
    if (!repeatable || !started || length < 0 || length > ReplayBuffer.LIMIT) {
      return seen.whole();
    }
    try {
      ByteArrayOutputStream copy = new ByteArrayOutputStream((int) length);
      super.writeTo(copy);
      return copy.toByteArray();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public boolean replayable() {
    if (!started) {
      return true;
    }
    if (!repeatable) {
      return seen.whole() != null;
    }
    long length = getContentLength();
    return length >= 0 && length <= ReplayBuffer.LIMIT;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    started = true;
    byte[] whole = seen.whole();
    if (whole != null) {
      out.write(whole);
    } else if (repeatable) {
      super.writeTo(out);
    } else {
      super.writeTo(seen.tee(out));
      seen.end();
    }
  }
}
