package dev.weft.instrumentation.grpc;

import io.grpc.Context;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Has the application hear of a call where it hears of all its calls: on the thread that tells of
 * an attempt, once the driver has decided, so that what the application throws goes where gRPC
 * looks for it; else on its executor.
 */
final class News {
  private final Executor executor;
  private final Context context;
  private volatile @Nullable Runnable due;

  News(Executor executor, Context context) {
    this.executor = executor;
    this.context = context;
  }

  /** Tells, or has {@link #tellDue} do so where this thread tells of {@code attempt}. */
  void tell(@Nullable Sending<?> attempt, Runnable news) {
    if (attempt != null && attempt.isTelling()) {
      due = news;
    } else {
      executor.execute(context.wrap(news));
    }
  }

  void tellDue() {
    Runnable news = due;
    if (news != null) {
      due = null;
      news.run();
    }
  }
}
