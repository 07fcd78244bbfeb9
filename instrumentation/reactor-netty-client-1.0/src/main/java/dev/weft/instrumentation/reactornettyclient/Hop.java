package dev.weft.instrumentation.reactornettyclient;

import dev.weft.agent.extension.ApplicationThread;
import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.outbound.AsyncCall;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.Caller;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.dataplane.outbound.Target;
import dev.weft.instrumentation.nettyclient.HeadEdits;
import dev.weft.instrumentation.nettyclient.StaleConnections;
import dev.weft.policy.snapshot.HeaderEdits;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.TimeoutException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.channel.AbortedException;

/**
 * A hop of a call into the mesh, in the place of the connection that the library asked for: sends
 * it with the library's own connections, one per attempt.
 */
@SuppressWarnings("FutureReturnValueIgnored") // every end completes a Sending or tells the hop
final class Hop extends Mono<Connection> implements AsyncCall<Answer>, Connection, Subscription {
  private final HookContext mesh;
  private final Internals internals;
  private final HopRequest request;
  private final Target target;
  private final Wire wire;
  private final boolean mayRepeat;
  private final @Nullable Caller caller;
  private final StaleConnections stale = new StaleConnections();

  /** Completed when this hears of the end. */
  private final CompletableFuture<@Nullable Void> listening = new CompletableFuture<>();

  private volatile @Nullable CompletableFuture<Answer> driven;
  private volatile @Nullable Sending sending;
  private volatile @Nullable CoreSubscriber<? super Connection> library;
  private volatile boolean cancelled;

  Hop(
      HookContext mesh,
      Internals internals,
      HopRequest request,
      Target target,
      Wire wire,
      @Nullable Caller caller) {
    this.caller = caller;
    this.mesh = mesh;
    this.internals = internals;
    this.request = request;
    this.target = target;
    this.wire = wire;
    this.mayRepeat = internals.mayRepeat(wire.hop(), false);
  }

  // ---- what the library asks

  @Override
  public void subscribe(CoreSubscriber<? super Connection> subscriber) {
    library = subscriber;
    subscriber.onSubscribe(this);
    subscriber.onNext(this); // what it disposes of when the application cancels
    if (caller == null) {
      start();
    } else {
      caller.run(this::start);
    }
  }

  private void start() {
    CompletableFuture<Answer> answer = mesh.dataPlane().async().execute(target, request, this);
    driven = answer;
    if (cancelled) {
      answer.cancel(true);
    }
    answer.whenComplete((end, failure) -> ApplicationThread.run(() -> conclude(end, failure)));
    listening.complete(null);
  }

  @Override
  public void request(long n) {}

  @Override
  public void cancel() {
    cancelled = true;
    CompletableFuture<Answer> answer = driven;
    if (answer != null) {
      answer.cancel(true);
    }
  }

  @Override
  public void dispose() {
    cancel();
  }

  @Override
  public Channel channel() {
    Sending now = sending;
    Connection connection = now == null ? null : now.connection();
    return connection == null ? new EmbeddedChannel() : connection.channel();
  }

  private void conclude(@Nullable Answer answer, @Nullable Throwable failure) {
    if (cancelled) {
      return;
    }
    internals.mayRepeat(wire.hop(), answer != null && mayRepeat);
    try {
      Throwable cause = failure == null ? deliver(answer) : failure;
      if (cause != null) {
        fail(cause);
      }
    } catch (Throwable bug) {
      mesh.failed("call to " + request.authority(), bug);
      fail(Outcome.refusal(bug));
    }
  }

  private @Nullable Throwable deliver(@Nullable Answer answer) {
    if (answer == null) {
      return new IOException("no response");
    }
    LocalReply reply = answer.reply();
    Sending received = answer.sending();
    if (reply != null) {
      wire.answer(reply);
    } else if (received != null) {
      received.deliver();
    }
    return null;
  }

  private void fail(Throwable failure) {
    CoreSubscriber<? super Connection> subscriber = library;
    if (subscriber != null) {
      subscriber.onError(failure);
    }
  }

  // ---- what the driver asks

  @Override
  public CompletionStage<Answer> send(Attempt attempt) {
    Sending now = newSending(attempt);
    sending = now;
    return now;
  }

  /**
   * The connection is asked for only now, and when this listens as well: a response must be decided
   * on, and delivered, within the event that tells of it, or its connection is in the pool again.
   */
  @Override
  public void listening(CompletionStage<Answer> sent) {
    Sending now = (Sending) sent;
    listening.whenComplete((hears, never) -> ApplicationThread.run(() -> acquire(now)));
  }

  private void acquire(Sending now) {
    try {
      wire.acquire(now.attempt(), now, now);
    } catch (Throwable bug) {
      now.completeExceptionally(Outcome.refusal(bug));
    }
  }

  private Sending newSending(Attempt attempt) {
    return new Sending(
        attempt,
        request,
        internals,
        wire.observer(),
        mesh.dataPlane().transport(),
        (failed, cause) -> repeat(attempt, failed, cause));
  }

  /** Whether an attempt goes on with another connection. */
  private boolean repeat(Attempt attempt, Sending failed, Throwable cause) {
    boolean broken = cause instanceof IOException || AbortedException.isConnectionReset(cause);
    boolean may =
        failed.connection() != null
            && !cancelled
            && stale.mayGoOn(attempt, request, failed.fresh(), broken);
    if (may) {
      Sending again = newSending(attempt);
      sending = again;
      again.whenComplete(
          (answer, failure) -> {
            if (failure != null) {
              failed.completeExceptionally(failure);
            } else if (!failed.complete(answer)) {
              again.abort();
            }
          });
      failed.whenComplete(
          (answer, failure) -> {
            if (failed.isCancelled()) {
              again.cancel(true);
            }
          });
      acquire(again);
    }
    return may;
  }

  @Override
  public long patienceMillis() {
    return wire.patienceMillis();
  }

  @Override
  public int status(Answer answer) {
    LocalReply reply = answer.reply();
    Sending received = answer.sending();
    return reply != null || received == null
        ? (reply == null ? 0 : reply.status())
        : received.response().status().code();
  }

  @Override
  public @Nullable String protocolVersion(Answer answer) {
    return "1.1";
  }

  @Override
  public @Nullable String header(Answer answer, String name) {
    Sending received = answer.sending();
    return received == null ? null : received.response().responseHeaders().get(name);
  }

  @Override
  public @Nullable CompletionStage<?> discard(Answer answer) {
    Sending received = answer.sending();
    return received == null ? null : received.discard();
  }

  @Override
  public void abandon(Answer answer) {
    Sending received = answer.sending();
    if (received != null) {
      received.abandon();
    }
  }

  @Override
  public Answer reply(LocalReply reply) throws IOException {
    if (reply.kind() == ReplyKind.TIMEOUT) {
      throw ReadTimeoutException.INSTANCE;
    }
    IOException failure = reply.failure(request.host());
    if (failure != null) {
      throw failure;
    }
    return Answer.local(reply);
  }

  @Override
  public Answer editResponse(Answer answer, HeaderEdits edits) {
    Sending received = answer.sending();
    if (received != null) {
      HeadEdits.edit(received.response().responseHeaders(), edits.response);
    }
    return answer;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    if (cancelled) {
      return FailureKind.CANCELLED;
    }
    if (failure instanceof ConnectTimeoutException) {
      return FailureKind.CONNECT;
    }
    if (failure instanceof TimeoutException) {
      return FailureKind.TIMEOUT;
    }
    return failure.getClass().getSimpleName().equals("PrematureCloseException")
            || AbortedException.isConnectionReset(failure)
        ? FailureKind.RESET
        : null;
  }
}
