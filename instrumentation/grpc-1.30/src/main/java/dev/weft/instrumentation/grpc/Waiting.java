package dev.weft.instrumentation.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Status;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Watches the application's deadline and context for a call that the mesh holds back, as by an
 * injected delay: gRPC does so once there is a call of its own. Thread-safe.
 */
final class Waiting implements Context.CancellationListener {
  private final MeshCall<?, ?> call;
  private final Context context;
  private volatile @Nullable Future<?> expiry;
  private volatile boolean over;

  private Waiting(MeshCall<?, ?> call, Context context) {
    this.call = call;
    this.context = context;
  }

  /** Watches, until {@link #over}. */
  static Waiting of(
      MeshCall<?, ?> call,
      Context context,
      @Nullable Deadline deadline,
      ScheduledExecutorService scheduler) {
    Waiting waiting = new Waiting(call, context);
    context.addListener(waiting, Runnable::run);
    if (deadline != null) {
      waiting.expiry = deadline.runOnExpiration(waiting::expired, scheduler);
    }
    return waiting;
  }

  private void expired() {
    if (!over) {
      call.giveUp(
          Status.DEADLINE_EXCEEDED.withDescription(
              "the deadline passed while the service mesh held the call back"),
          false);
    }
  }

  @Override
  public void cancelled(Context cancelled) {
    if (!over) {
      call.giveUp(Contexts.statusFromCancelled(cancelled), false);
    }
  }

  /** The call goes on, or has ended. */
  void over() {
    over = true;
    context.removeListener(this);
    Future<?> scheduled = expiry;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }
}
