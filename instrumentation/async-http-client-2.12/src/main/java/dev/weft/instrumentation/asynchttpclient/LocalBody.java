package dev.weft.instrumentation.asynchttpclient;

import java.util.concurrent.atomic.AtomicBoolean;
import org.asynchttpclient.HttpResponseBodyPart;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The body of an answer of the mesh, for handlers that take bodies as streams: one part, to one
 * subscriber, when it asks. Thread-safe.
 */
final class LocalBody implements Publisher<HttpResponseBodyPart>, Subscription {
  private final HttpResponseBodyPart part;
  private final Runnable over;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable Subscriber<? super HttpResponseBodyPart> subscriber;

  /**
   * Of the part.
   *
   * @param over called once, when the subscriber has it or does not want it
   */
  LocalBody(HttpResponseBodyPart part, Runnable over) {
    this.part = part;
    this.over = over;
  }

  @Override
  public void subscribe(Subscriber<? super HttpResponseBodyPart> wanting) {
    subscriber = wanting;
    wanting.onSubscribe(this);
    if (part.length() == 0) {
      request(1);
    }
  }

  @Override
  public void request(long n) {
    Subscriber<? super HttpResponseBodyPart> to = subscriber;
    if (to == null || !ended.compareAndSet(false, true)) {
      return;
    }
    if (n <= 0) {
      to.onError(new IllegalArgumentException("asked for " + n + " parts"));
    } else {
      if (part.length() > 0) {
        to.onNext(part);
      }
      to.onComplete();
    }
    over.run();
  }

  @Override
  public void cancel() {
    if (ended.compareAndSet(false, true)) {
      over.run();
    }
  }
}
