package dev.weft.instrumentation.apachehttpclient5;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.junit.jupiter.api.Test;

/** An abort finds what is under way, in whatever order the library told of it. */
class AbortableTest {
  /** As the library's future: knows what it was told last. */
  private static final class Application implements CancellableDependency {
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private Cancellable last = () -> false;

    @Override
    public void setDependency(Cancellable dependency) {
      last = dependency;
    }

    @Override
    public boolean isCancelled() {
      return cancelled.get();
    }

    @Override
    public boolean cancel() {
      cancelled.set(true);
      return last.cancel();
    }
  }

  private final Application application = new Application();
  private final Abortable abortable = new Abortable(application);
  private final AtomicInteger exchangeEnded = new AtomicInteger();
  private final Cancellable exchange = () -> exchangeEnded.incrementAndGet() > 0;
  private final Cancellable lease = () -> false;

  @Test
  void theExchangeEndsThoughItsLeaseWasToldLater() {
    abortable.setDependency(exchange);
    abortable.setDependency(lease);
    assertThat(application.cancel()).isTrue();
    assertThat(exchangeEnded).hasValue(1);
  }

  @Test
  void whatIsToldAfterTheAbortEndsAtOnce() {
    application.cancel();
    abortable.setDependency(exchange);
    assertThat(exchangeEnded).hasValue(1);
  }

  @Test
  void anAttemptBeforeIsLeftAlone() {
    abortable.setDependency(exchange);
    abortable.begin();
    abortable.setDependency(lease);
    application.cancel();
    assertThat(exchangeEnded).hasValue(0);
  }
}
