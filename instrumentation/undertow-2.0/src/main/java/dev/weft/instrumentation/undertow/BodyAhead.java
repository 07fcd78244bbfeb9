package dev.weft.instrumentation.undertow;

import dev.weft.dataplane.inbound.BodyPrefix;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.xnio.channels.StreamSourceChannel;

/**
 * The beginning of a body, read before the application runs and given back by Undertow's own means,
 * as its handler that buffers requests does. For the thread that serves the request.
 */
final class BodyAhead {
  private final HttpServerExchange exchange;
  private final BodyPrefix read = new BodyPrefix();
  private boolean ended;

  BodyAhead(HttpServerExchange exchange) {
    this.exchange = exchange;
  }

  /**
   * The body's first bytes.
   *
   * @see dev.weft.dataplane.inbound.InboundRequest#peekBody
   */
  byte[] peek(int most, long timeoutNanos) throws IOException {
    if (!ended && read.size() < most) {
      read(most, System.nanoTime(), timeoutNanos);
    }
    return read.first(most);
  }

  private void read(int most, long begun, long timeoutNanos) throws IOException {
    if (exchange.isInIoThread()) {
      throw new IOException("this thread must not wait for a body");
    }
    if (exchange.isRequestComplete()) {
      ended = true;
      return;
    }
    if (HttpContinue.requiresContinueResponse(exchange)) {
      HttpContinue.sendContinueResponseBlocking(exchange);
    }
    StreamSourceChannel from = exchange.getRequestChannel();
    if (from == null) {
      throw new IOException("somebody has read the body before the mesh");
    }
    // What was given back comes from there once more.
    read.reset();
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (!ended && read.size() < most) {
      int count = from.read(buffer);
      if (count == 0) {
        long left = timeoutNanos - (System.nanoTime() - begun);
        if (left <= 0) {
          throw new SocketTimeoutException("the body did not come in time");
        }
        from.awaitReadable(left, TimeUnit.NANOSECONDS);
      }
      ended = count < 0;
      read.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    if (read.size() > 0) {
      Connectors.ungetRequestBytes(exchange, new Given(ByteBuffer.wrap(read.toByteArray())));
    }
    Connectors.resetRequestChannel(exchange);
  }

  /** A buffer of no pool. */
  private static final class Given implements PooledByteBuffer {
    private final ByteBuffer buffer;
    private boolean closed;

    Given(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public ByteBuffer getBuffer() {
      return buffer;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }
  }
}
