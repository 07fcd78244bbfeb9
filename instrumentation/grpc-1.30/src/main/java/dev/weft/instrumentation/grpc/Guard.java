package dev.weft.instrumentation.grpc;

import io.grpc.CallCredentials;
import io.grpc.Status;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Asked by gRPC for each stream once its connection is chosen, before a byte of it is written: lets
 * it go only where the mesh chose the connection. Immutable.
 */
final class Guard extends CallCredentials {
  private final Sending<?> sending;
  private final @Nullable CallCredentials own;

  /**
   * Guards an attempt.
   *
   * @param own credentials that the application gave the call, asked after this
   */
  Guard(Sending<?> sending, @Nullable CallCredentials own) {
    this.sending = sending;
    this.own = own;
  }

  @Override
  public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
    if (sending.instance() == null) {
      applier.fail(
          Status.UNAVAILABLE.withDescription(
              "refused by the service mesh: the channel chose another connection for "
                  + sending.attempt()));
    } else if (own != null) {
      own.applyRequestMetadata(info, executor, applier);
    } else {
      applier.apply(Entries.NONE);
    }
  }

  @Override
  public void thisUsesUnstableApi() {}
}
