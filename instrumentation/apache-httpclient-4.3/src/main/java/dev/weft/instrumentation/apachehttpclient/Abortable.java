package dev.weft.instrumentation.apachehttpclient;

import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.concurrent.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the application's abort and the library, so that the end of an attempt's time can
 * abort it too. {@code run} comes from the timer's thread, the rest from the caller's.
 */
final class Abortable implements HttpExecutionAware, Runnable {
  private final @Nullable HttpExecutionAware application;
  private volatile @Nullable Cancellable current;

  Abortable(@Nullable HttpExecutionAware application) {
    this.application = application;
  }

  @Override
  public boolean isAborted() {
    return application != null && application.isAborted();
  }

  @Override
  public void setCancellable(Cancellable cancellable) {
    current = cancellable;
    if (application != null) {
      application.setCancellable(cancellable);
    }
  }

  @Override
  public void run() {
    Cancellable running = current;
    if (running != null) {
      running.cancel();
    }
  }
}
