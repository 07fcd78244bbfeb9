package dev.weft.instrumentation.reactornettyclient;

import dev.weft.dataplane.identity.ConnectionObserver.Side;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.instrumentation.nettyclient.ChannelSecurity;
import dev.weft.instrumentation.nettyclient.RequestTap;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyInbound;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.http.client.HttpClientState;
import reactor.util.context.Context;

/**
 * One attempt. Stands between the library, which tells of the connection, and the hop, which hears
 * nothing that ends it before the driver has decided. Completed with the head of a response.
 */
final class Sending extends CompletableFuture<Answer>
    implements ConnectionObserver, CoreSubscriber<Connection> {
  private final Attempt attempt;
  private final HopRequest request;
  private final Internals internals;
  private final ConnectionObserver hop;
  private final TransportSecurity transport;
  private final Repeat repeat;
  private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();
  private volatile @Nullable Subscription acquiring;
  private volatile @Nullable Connection connection;
  private volatile @Nullable RequestTap tap;
  private volatile boolean fresh;
  private volatile boolean delivered;
  private volatile boolean dropped;
  private @Nullable Throwable followUp;

  Sending(
      Attempt attempt,
      HopRequest request,
      Internals internals,
      ConnectionObserver hop,
      TransportSecurity transport,
      Repeat repeat) {
    this.attempt = attempt;
    this.request = request;
    this.internals = internals;
    this.hop = hop;
    this.transport = transport;
    this.repeat = repeat;
  }

  /** Sends an attempt that failed once more, where that is no second attempt. */
  interface Repeat {
    /** Answers whether it did; the failed one is completed later then. */
    boolean again(Sending failed, Throwable cause);
  }

  /** The connection, null while there is none. */
  @Nullable Connection connection() {
    return connection;
  }

  /** Whether the connection was made for this attempt. */
  boolean fresh() {
    return fresh;
  }

  Attempt attempt() {
    return attempt;
  }

  /** The response; once this is completed. */
  HttpClientResponse response() {
    Connection now = connection;
    if (now == null) {
      throw new IllegalStateException("no response yet");
    }
    return (HttpClientResponse) now;
  }

  // ---- what the pool tells

  @Override
  public void onSubscribe(Subscription subscription) {
    acquiring = subscription;
    subscription.request(Long.MAX_VALUE);
    if (isDone()) {
      subscription.cancel();
    }
  }

  @Override
  public void onNext(Connection acquired) {
    if (connection == null) {
      connection = acquired;
    }
    if (isDone()) {
      abort();
    }
  }

  @Override
  public void onError(Throwable failure) {
    fail(failure);
  }

  @Override
  public void onComplete() {}

  @Override
  public Context currentContext() {
    return hop.currentContext();
  }

  // ---- what the connection tells

  @Override
  public void onStateChange(Connection told, State state) {
    boolean over = state == State.RELEASED || state == State.DISCONNECTING;
    if (state == State.CONNECTED) {
      fresh = true;
      if (!attempt.secure()) {
        transport.plaintext(Side.OUTBOUND);
      }
    }
    if (over && followUp != null && !isDone()) {
      answered(told);
    } else if (state == State.CONFIGURED && internals.isOperations(told)) {
      configured(told);
    } else if (state == HttpClientState.RESPONSE_RECEIVED && !delivered) {
      answered(told);
    } else if (!dropped) {
      hop.onStateChange(told, state);
    }
    if (over) {
      released.complete(null);
    }
  }

  private void configured(Connection ops) {
    connection = ops;
    RequestTap found = RequestTap.of(ops.channel());
    if (isDone()) {
      abort();
    } else if (found == null || !ChannelSecurity.suits(ops.channel(), attempt)) {
      fail(
          new IOException(
              "call to "
                  + request.authority()
                  + " refused by the service mesh: its connection is not as "
                  + attempt
                  + " demands"));
      abort();
    } else {
      tap = found;
      found.watch(request);
      hop.onStateChange(ops, State.CONFIGURED);
    }
  }

  @Override
  public void onUncaughtException(Connection told, Throwable error) {
    if (delivered) {
      hop.onUncaughtException(told, error);
    } else if (isFollowUp(error)) {
      // The hop that follows finds this connection free.
      connection = told;
      followUp = error;
    } else {
      fail(error);
    }
  }

  /** The library says of a response that it answers itself, by another hop. */
  private static boolean isFollowUp(Throwable error) {
    String name = error.getClass().getSimpleName();
    return name.equals("RedirectClientException")
        || name.equals("HttpClientAuthenticationException");
  }

  private void answered(Connection told) {
    if (followUp == null) {
      connection = told;
    }
    complete(Answer.received(this));
  }

  private void fail(Throwable failure) {
    if (dropped || isDone()) {
      return;
    }
    dropped = true;
    leave();
    if (!repeat.again(this, failure)) {
      completeExceptionally(failure);
    }
  }

  private void leave() {
    RequestTap watching = tap;
    if (watching != null) {
      watching.leave(request);
    }
  }

  // ---- what the hop asks

  /** The application gets the response. */
  void deliver() {
    delivered = true;
    leave();
    Connection now = connection;
    Throwable next = followUp;
    if (now == null) {
      throw new IllegalStateException("no response yet");
    }
    if (next == null) {
      hop.onStateChange(now, HttpClientState.RESPONSE_RECEIVED);
    } else {
      hop.onUncaughtException(now, next);
    }
  }

  /**
   * Nobody gets the response.
   *
   * @return completed when its connection is in its pool again, or closed; null when there is none
   */
  @Nullable CompletionStage<?> discard() {
    dropped = true;
    leave();
    Connection now = connection;
    if (now == null || followUp != null) {
      return null;
    }
    ((NettyInbound) now).receive().subscribe(new Drain(now, released));
    return released;
  }

  /** The end of a response that nobody gets does not come. */
  void abandon() {
    Connection now = connection;
    if (now != null) {
      // Where its end is told, too: one that is in its pool already may be somebody else's.
      now.channel()
          .eventLoop()
          .execute(
              () -> {
                if (!released.isDone()) {
                  abort();
                }
              });
    }
  }

  /** Ends it, wherever it is. */
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a connection to be closed
  void abort() {
    dropped = true;
    leave();
    Subscription subscription = acquiring;
    if (subscription != null) {
      subscription.cancel();
    }
    Connection now = connection;
    if (now != null) {
      now.channel().close();
      now.dispose();
    }
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    if (cancelled) {
      abort();
    }
    return cancelled;
  }
}
