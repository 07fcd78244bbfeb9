package dev.weft.instrumentation.apachehttpclient5;

import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the application's abort and the library, so that the end of an attempt's time can
 * abort it too. {@code cancel} comes from any thread, the rest from the caller's.
 */
final class Abortable implements CancellableDependency {
  private final @Nullable CancellableDependency application;
  private volatile @Nullable Cancellable current;

  Abortable(@Nullable CancellableDependency application) {
    this.application = application;
  }

  /** Whether the application aborted, not we. */
  @Override
  public boolean isCancelled() {
    return application != null && application.isCancelled();
  }

  @Override
  public void setDependency(Cancellable cancellable) {
    current = cancellable;
    if (application != null) {
      application.setDependency(cancellable);
      if (application.isCancelled()) {
        // The library asks first and stores then: an abort between the two would be lost.
        cancellable.cancel();
      }
    }
  }

  @Override
  public boolean cancel() {
    Cancellable running = current;
    return running != null && running.cancel();
  }
}
