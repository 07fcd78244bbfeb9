package dev.weft.instrumentation.jetty.core;

import dev.weft.dataplane.inbound.BodyPrefix;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a body, read before the application runs, and given to whoever reads the request
 * then. Used by one thread at a time, as a source of Jetty's is.
 */
final class BodyAhead {
  private final Content.Source source;
  private final BodyPrefix read = new BodyPrefix();
  private final Deque<Content.Chunk> unread = new ArrayDeque<>();
  private boolean ended;

  BodyAhead(Content.Source source) {
    this.source = source;
  }

  /**
   * The body's first bytes; nobody else has read any.
   *
   * @see dev.weft.dataplane.inbound.InboundRequest#peekBody
   */
  byte[] peek(int most, long timeoutNanos) throws IOException {
    long begun = System.nanoTime();
    while (!ended && read.size() < most) {
      Content.Chunk chunk = source.read();
      if (chunk == null) {
        await(timeoutNanos - (System.nanoTime() - begun));
      } else {
        take(chunk);
      }
    }
    return read.first(most);
  }

  /** The demand is what tells a client that asks first to go on. */
  private void await(long nanos) throws IOException {
    Arrival arrival = new Arrival();
    source.demand(arrival);
    try {
      if (nanos <= 0 || !arrival.come.await(nanos, TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException("the body did not come in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a body was to come", e);
    }
  }

  private void take(Content.Chunk chunk) throws IOException {
    if (Content.Chunk.isFailure(chunk)) {
      throw new IOException("the body broke off", chunk.getFailure());
    }
    ended = chunk.isLast();
    if (!chunk.hasRemaining()) {
      // The end, and perhaps trailers with it.
      if (ended) {
        unread.add(chunk);
      } else {
        chunk.release();
      }
      return;
    }
    // A copy: the buffers of a connection are not for keeping.
    byte[] bytes = new byte[chunk.remaining()];
    chunk.getByteBuffer().get(bytes);
    chunk.release();
    read.write(bytes, 0, bytes.length);
    unread.add(Content.Chunk.from(ByteBuffer.wrap(bytes), ended));
  }

  /** What comes next for the application; null when it is to read on for itself. */
  Content.@Nullable Chunk next() {
    return unread.poll();
  }

  /** Whether the application has not taken all of it. */
  boolean hasNext() {
    return !unread.isEmpty();
  }

  /** The application wants nothing of it any more. */
  void drop() {
    unread.clear();
  }

  /** Wakes who waits; runs on whatever thread says so. */
  private static final class Arrival implements Invocable.Task {
    private final CountDownLatch come = new CountDownLatch(1);

    @Override
    public void run() {
      come.countDown();
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
