package dev.weft.instrumentation.grpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A call that ends as soon as it starts, as any other that could not be sent. For one caller. */
final class RefusedCall<Q, S> extends ClientCall<Q, S> {
  private final Executor executor;
  private final Status status;

  RefusedCall(Executor executor, Status status) {
    this.executor = executor;
    this.status = status;
  }

  @Override
  public void start(Listener<S> listener, Metadata headers) {
    executor.execute(() -> listener.onClose(status, new Metadata()));
  }

  @Override
  public void request(int messages) {}

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {}

  @Override
  public void halfClose() {}

  @Override
  public void sendMessage(Q message) {}
}
