package dev.weft.instrumentation.apachehttpclient5;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the application's abort and the library, so that the end of an attempt's time can
 * abort it too. Thread-safe.
 *
 * <p>An abort ends all steps of the attempt (lease, connect, exchange), not the one told last: an
 * asynchronous client tells of a lease after it was asked for, and by then the exchange may be
 * under way on another thread, and told already.
 */
final class Abortable implements CancellableDependency {
  private final @Nullable CancellableDependency application;
  private final Queue<Cancellable> steps = new ConcurrentLinkedQueue<>();

  /** What the application's abort ends. */
  private volatile Cancellable whole = this;

  Abortable(@Nullable CancellableDependency application) {
    this.application = application;
  }

  /** An attempt begins; an abort has nothing more to do with those before. */
  void begin() {
    steps.clear();
  }

  /** For an attempt beside this one: the application aborts both, the end of its time one. */
  Abortable beside() {
    Abortable other = new Abortable(application);
    Cancellable both =
        () -> {
          boolean ended = cancel();
          return other.cancel() || ended;
        };
    whole = both;
    other.whole = both;
    return other;
  }

  /** Whether the application aborted, not we. */
  @Override
  public boolean isCancelled() {
    return application != null && application.isCancelled();
  }

  @Override
  public void setDependency(Cancellable step) {
    steps.add(step);
    if (application != null) {
      application.setDependency(whole);
      if (application.isCancelled()) {
        // The library asks first and stores then: an abort between the two would be lost.
        cancel();
      }
    }
  }

  @Override
  public boolean cancel() {
    boolean ended = false;
    for (Cancellable step = steps.poll(); step != null; step = steps.poll()) {
      ended |= step.cancel();
    }
    return ended;
  }
}
