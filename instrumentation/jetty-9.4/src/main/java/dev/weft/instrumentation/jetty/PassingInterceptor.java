package dev.weft.instrumentation.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.HttpOutput;
import org.eclipse.jetty.util.Callback;

/** An interceptor of an output that passes everything on to the next one. */
abstract class PassingInterceptor implements HttpOutput.Interceptor {
  private final HttpOutput.Interceptor next;

  PassingInterceptor(HttpOutput.Interceptor next) {
    this.next = next;
  }

  @Override
  public void write(ByteBuffer content, boolean last, Callback callback) {
    next.write(content, last, callback);
  }

  @Override
  public final HttpOutput.Interceptor getNextInterceptor() {
    return next;
  }

  /** Only Jetty 9.4 asks. */
  @Override
  public final boolean isOptimizedForDirectBuffers() {
    return next.isOptimizedForDirectBuffers();
  }

  @Override
  public final void resetBuffer() {
    next.resetBuffer();
  }
}
