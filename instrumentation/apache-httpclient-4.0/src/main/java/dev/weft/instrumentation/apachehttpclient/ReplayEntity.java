package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.outbound.ReplayBuffer;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.http.HttpEntity;
import org.apache.http.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/** A one-shot entity that remembers what it wrote, up to a limit, so that it can write it again. */
final class ReplayEntity extends HttpEntityWrapper {
  private final ReplayBuffer seen = new ReplayBuffer();
  private boolean begun;

  ReplayEntity(HttpEntity entity) {
    super(entity);
  }

  /** Whether all of the body can be written: it is here, or no byte of it was read yet. */
  boolean complete() {
    return !begun || seen.whole() != null;
  }

  /** All of the body, once it was written; null when it is too big. */
  byte @Nullable [] whole() {
    return seen.whole();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] whole = seen.whole();
    if (whole != null) {
      out.write(whole);
      return;
    }
    begun = true;
    super.writeTo(seen.tee(out));
    seen.end();
  }
}
