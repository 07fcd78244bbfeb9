package dev.weft.instrumentation.apachehttpclient5;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * What the library tells of one attempt. With the head of the response the driver decides whether
 * the application gets it; mostly at once, else what arrives until then is kept, which the
 * library's window bounds.
 */
final class AsyncReception implements AsyncExecCallback, AsyncDataConsumer {
  private static final int DRAIN_LIMIT = 64 * 1024;

  private final AsyncHopCall call;
  private final AsyncHopCall.Sent sent;
  private final AsyncExecRuntime runtime;
  private final CompletableFuture<@Nullable Void> free = new CompletableFuture<>();
  private final ByteArrayOutputStream early = new ByteArrayOutputStream();
  private Fate fate = Fate.OPEN;
  private @Nullable EntityDetails details;
  private @Nullable AsyncDataConsumer consumer;
  private @Nullable CapacityChannel capacity;
  private @Nullable List<? extends Header> trailers;
  private @Nullable Thread heading;
  private @Nullable HttpResponse whole;
  private @Nullable Exception refusal;
  private @Nullable Exception failure;
  private boolean streamEnded;
  private boolean completed;
  private int drained;

  private enum Fate {
    OPEN,
    DELIVERED,
    DISCARDED
  }

  AsyncReception(AsyncHopCall call, AsyncHopCall.Sent sent, AsyncExecRuntime runtime) {
    this.call = call;
    this.sent = sent;
    this.runtime = runtime;
  }

  AsyncExecRuntime runtime() {
    return runtime;
  }

  // ---- the driver's decision

  /** The application gets this response. */
  void deliver(HttpResponse head) throws IOException, HttpException {
    AsyncDataConsumer made;
    try {
      made = call.application().handleResponse(head, details);
    } catch (IOException | HttpException | RuntimeException e) {
      refused(e);
      return;
    }
    boolean over;
    Exception failed;
    synchronized (this) {
      consumer = made;
      fate = Fate.DELIVERED;
      over = completed;
      failed = failure;
      flush();
    }
    if (failed != null) {
      call.deliverFailure(failed);
    } else if (over) {
      finish();
    }
  }

  /** The application does not want the response: on the library's stack it says so by throwing. */
  private void refused(Exception e) {
    boolean thrown = heading == Thread.currentThread();
    synchronized (this) {
      fate = thrown ? Fate.DELIVERED : Fate.DISCARDED;
      refusal = e;
    }
    if (!thrown) {
      sent.left();
      runtime.discardEndpoint();
      call.deliverFailure(e);
    }
  }

  private void flush() throws IOException, HttpException {
    AsyncDataConsumer to = consumer;
    if (to == null) {
      return;
    }
    if (early.size() > 0) {
      to.consume(ByteBuffer.wrap(early.toByteArray()));
    }
    if (capacity != null) {
      to.updateCapacity(capacity);
    }
    if (streamEnded) {
      end(to);
    }
  }

  /**
   * Nobody reads this response.
   *
   * @return completed when its connection was given back
   */
  CompletionStage<?> discard() {
    boolean over;
    CapacityChannel waiting;
    synchronized (this) {
      fate = Fate.DISCARDED;
      over = completed;
      waiting = capacity;
    }
    sent.left();
    if (over) {
      giveBack();
    } else if (waiting != null) {
      try {
        waiting.update(DRAIN_LIMIT);
      } catch (IOException e) {
        runtime.discardEndpoint();
        free.complete(null);
      }
    }
    return free;
  }

  /** The time of the attempt is over, or the application gave up. */
  void abort() {
    sent.left();
    sent.hop().abortable().cancel();
    runtime.discardEndpoint();
  }

  // ---- what the library tells

  @Override
  public AsyncDataConsumer handleResponse(HttpResponse head, @Nullable EntityDetails entity)
      throws HttpException, IOException {
    details = entity;
    if (entity == null && sent.hop().bodyIsOut()) {
      whole = head;
      return this;
    }
    heading = Thread.currentThread();
    try {
      decide(head);
    } finally {
      heading = null;
    }
    Exception thrown = refusal;
    if (thrown instanceof HttpException) {
      throw (HttpException) thrown;
    } else if (thrown instanceof IOException) {
      throw (IOException) thrown;
    } else if (thrown != null) {
      throw (RuntimeException) thrown;
    }
    return this;
  }

  private void decide(HttpResponse head) {
    if (!sent.complete(AsyncAnswer.received(head, this))) {
      discard();
    }
  }

  @Override
  public void handleInformationResponse(HttpResponse head) throws HttpException, IOException {
    call.application().handleInformationResponse(head);
  }

  @Override
  public synchronized void updateCapacity(CapacityChannel channel) throws IOException {
    capacity = channel;
    if (fate == Fate.DISCARDED) {
      channel.update(DRAIN_LIMIT);
    } else if (consumer != null) {
      consumer.updateCapacity(channel);
    } else if (fate == Fate.DELIVERED) {
      channel.update(Integer.MAX_VALUE);
    }
  }

  @Override
  public synchronized void consume(ByteBuffer source) throws IOException {
    if (consumer != null) {
      consumer.consume(source);
      return;
    }
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    if (fate == Fate.OPEN) {
      early.write(bytes, 0, bytes.length);
    } else if (fate == Fate.DISCARDED) {
      drained += bytes.length;
      if (drained > DRAIN_LIMIT) {
        throw new IOException("too much of a response that nobody reads");
      }
    }
  }

  @Override
  public synchronized void streamEnd(@Nullable List<? extends Header> after)
      throws HttpException, IOException {
    streamEnded = true;
    trailers = after;
    if (consumer != null) {
      end(consumer);
    } else if (fate == Fate.DELIVERED) {
      runtime.validateConnection();
    }
  }

  /** What the application sends next shall find this connection free. */
  private void end(AsyncDataConsumer to) throws HttpException, IOException {
    if (sent.hop().bodyIsOut()) {
      sent.left();
      runtime.releaseEndpoint();
    }
    to.streamEnd(trailers);
  }

  @Override
  public void releaseResources() {
    AsyncDataConsumer held;
    synchronized (this) {
      held = consumer;
    }
    if (held != null) {
      held.releaseResources();
    }
  }

  @Override
  public void completed() {
    HttpResponse head = whole;
    if (head != null) {
      // As with the end of a body: what the application sends next shall find the connection free.
      whole = null;
      runtime.releaseEndpoint();
      decide(head);
    }
    Fate known;
    synchronized (this) {
      completed = true;
      known = fate;
    }
    if (known == Fate.DELIVERED) {
      finish();
    } else if (known == Fate.DISCARDED) {
      giveBack();
    }
  }

  private void finish() {
    sent.left();
    runtime.releaseEndpoint();
    call.completed();
  }

  /** A connection over which a body is still to go can carry no other request. */
  private void giveBack() {
    if (sent.hop().bodyIsOut()) {
      runtime.releaseEndpoint();
    } else {
      runtime.discardEndpoint();
    }
    free.complete(null);
  }

  @Override
  public void failed(Exception cause) {
    sent.left();
    runtime.discardEndpoint();
    free.complete(null);
    Fate known;
    synchronized (this) {
      failure = cause;
      known = fate;
    }
    if (known == Fate.DELIVERED) {
      call.deliverFailure(cause);
    } else if (!sent.isDone()) {
      call.failed(sent, cause);
    }
  }
}
