package dev.weft.instrumentation.apachehttpclient;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.http.HttpEntity;
import org.apache.http.entity.HttpEntityWrapper;

/** A one-shot entity that remembers what it wrote, up to a limit, so that it can write it again. */
final class ReplayEntity extends HttpEntityWrapper {
  private final int limit;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private boolean overflowed;
  private boolean complete;

  ReplayEntity(HttpEntity entity, int limit) {
    super(entity);
    this.limit = limit;
  }

  /** Whether all of the body is here. */
  boolean complete() {
    return complete;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    if (complete) {
      seen.writeTo(out);
      return;
    }
    super.writeTo(new Tee(out));
    complete = !overflowed;
  }

  private final class Tee extends FilterOutputStream {
    Tee(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      remember(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      out.write(bytes, from, count);
      remember(bytes, from, count);
    }

    private void remember(byte[] bytes, int from, int count) {
      if (overflowed || seen.size() + count > limit) {
        overflowed = true;
        seen.reset();
      } else {
        seen.write(bytes, from, count);
      }
    }
  }
}
