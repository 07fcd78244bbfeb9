package dev.weft.instrumentation.javahttpclient;

import dev.weft.dataplane.outbound.ReplayBuffer;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A body that remembers what it published, up to 64 KiB, and publishes it again. The application's
 * publisher is subscribed once, whatever the number of attempts.
 */
final class ReplayPublisher implements BodyPublisher {
  private final BodyPublisher original;
  private volatile boolean started;
  private volatile byte @Nullable [] whole;

  ReplayPublisher(BodyPublisher original) {
    this.original = original;
  }

  /** Whether the body can be published once more: untouched so far, or all of it remembered. */
  boolean replayable() {
    return !started || whole != null;
  }

  /** All of the body, once it was published; null when it is too big. Not to be changed. */
  byte @Nullable [] whole() {
    // The client does not ask for a body that has no length.
    return original.contentLength() == 0 ? new byte[0] : whole;
  }

  @Override
  public long contentLength() {
    return original.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    byte[] known = whole;
    if (known != null) {
      BodyPublishers.ofByteArray(known).subscribe(subscriber);
      return;
    }
    started = true;
    long length = original.contentLength();
    original.subscribe(length > ReplayBuffer.LIMIT ? subscriber : new Recorder(subscriber));
  }

  private final class Recorder implements Flow.Subscriber<ByteBuffer> {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private @Nullable ByteArrayOutputStream seen = new ByteArrayOutputStream();

    Recorder(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      ByteArrayOutputStream buffered = seen;
      if (buffered != null) {
        if (buffered.size() + buffer.remaining() > ReplayBuffer.LIMIT) {
          seen = null;
        } else {
          byte[] copy = new byte[buffer.remaining()];
          buffer.duplicate().get(copy);
          buffered.write(copy, 0, copy.length);
        }
      }
      subscriber.onNext(buffer);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      if (seen != null) {
        whole = seen.toByteArray();
      }
      subscriber.onComplete();
    }
  }
}
