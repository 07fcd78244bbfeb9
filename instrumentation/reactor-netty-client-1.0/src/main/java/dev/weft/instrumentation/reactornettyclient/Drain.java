package dev.weft.instrumentation.reactornettyclient;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.netty.Connection;

/** Reads a response that nobody wants, so that its connection can be used again. */
final class Drain extends BaseSubscriber<ByteBuf> {
  /** What is longer is cut: a new connection costs less. */
  private static final int MOST = 1 << 20;

  private final Connection connection;
  private final CompletableFuture<@Nullable Void> over;
  private int read;

  /**
   * Of the response on a connection.
   *
   * @param over completed when it fails; who has the connection tells its end
   */
  Drain(Connection connection, CompletableFuture<@Nullable Void> over) {
    this.connection = connection;
    this.over = over;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a connection to be closed
  protected void hookOnNext(ByteBuf bytes) {
    read += bytes.readableBytes();
    if (read > MOST) {
      connection.channel().close();
    }
  }

  @Override
  protected void hookOnError(Throwable failure) {
    over.complete(null);
  }
}
