package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.snapshot.CompiledBackend;
import dev.weft.dataplane.snapshot.CompiledRetry;
import dev.weft.dataplane.snapshot.CompiledRoute;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.policy.snapshot.HeaderEdits;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call of an asynchronous client. Each step runs on whichever thread finished the one before:
 * the caller's, the timer's or the library's.
 */
final class AsyncExchange<R> {
  private final OutboundChain chain;
  private final Outcomes outcomes;
  private final MeshTimer timer;
  private final OutboundExchange exchange;
  private final AsyncCall<R> call;
  private final CompletableFuture<R> result = new Cancellable();
  private volatile @Nullable CompletionStage<R> sent;

  /** Goes on after a wait in line, whoever is the first to end that. */
  private volatile @Nullable Runnable turn;

  /** The last attempt that was watched for a second one, as long as policy wants one. */
  private @Nullable HedgedAttempts<R> hedged;

  /** What the application holds; to cancel it reaches the attempt under way. */
  private final class Cancellable extends CompletableFuture<R> {
    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean cancelled = super.cancel(mayInterrupt);
      CompletionStage<R> pending = sent;
      if (cancelled && pending != null) {
        AsyncExchange.cancel(pending);
      }
      Runnable waited = turn;
      if (cancelled && waited != null) {
        waited.run();
      }
      return cancelled;
    }
  }

  AsyncExchange(
      OutboundChain chain,
      Outcomes outcomes,
      MeshTimer timer,
      OutboundExchange exchange,
      AsyncCall<R> call) {
    this.chain = chain;
    this.outcomes = outcomes;
    this.timer = timer;
    this.exchange = exchange;
    this.call = call;
  }

  CompletableFuture<R> start() {
    enter();
    return result;
  }

  private void enter() {
    Verdict verdict = chain.enter(exchange);
    if (verdict.proceeds()) {
      attempt();
      return;
    }
    if (verdict.queues()) {
      queue(verdict.delayNanos());
      return;
    }
    LocalReply reply = verdict.reply();
    later(verdict.delayNanos(), reply == null ? this::enter : () -> reply(reply));
  }

  /** Waits for a place as long as the call and the application let it. */
  private void queue(long mostNanos) {
    Capacity.Place place = exchange.place;
    long patience = TimeUnit.MILLISECONDS.toNanos(call.patienceMillis());
    long most = patience > 0 ? Math.min(patience, mostNanos) : mostNanos;
    if (place == null || most <= 0) {
      enter();
      return;
    }
    AtomicBoolean over = new AtomicBoolean();
    Runnable goOn =
        () -> {
          if (over.compareAndSet(false, true)) {
            turn = null;
            later(0, this::enter);
          }
        };
    turn = goOn;
    MeshTimer.Scheduled limit = most == Long.MAX_VALUE ? null : timer.schedule(goOn, most);
    // On a thread that is not within another call's end: calls that end at once, each within the
    // one before, would otherwise pile up on its stack.
    place.whenOver(
        () -> {
          if (limit != null) {
            limit.cancel();
          }
          if (!over.get()) {
            timer.schedule(goOn, 0);
          }
        });
    call.waiting(
        () -> {
          if (!over.get()) {
            result.cancel(true);
          }
        });
    if (result.isCancelled()) {
      goOn.run();
    }
  }

  private void later(long nanos, Runnable step) {
    Runnable unlessCancelled =
        () -> {
          if (result.isDone()) {
            CancellationException cancelled = new CancellationException("call cancelled");
            chain.failed(exchange, cancelled, FailureKind.CANCELLED);
            fail(cancelled);
          } else {
            step.run();
          }
        };
    if (nanos <= 0) {
      unlessCancelled.run();
    } else {
      timer.schedule(unlessCancelled, nanos);
    }
  }

  private void attempt() {
    HedgedAttempts<R> earlier = hedged;
    boolean hedging =
        (earlier == null || !earlier.wasHedged()) && HedgedAttempts.fit(exchange, call);
    LocalReply refused = chain.begin(exchange).reply();
    if (refused != null) {
      reply(refused);
      return;
    }
    EndpointPool pool = exchange.pool;
    if (hedging && pool != null) {
      HedgedAttempts<R> both = new HedgedAttempts<>(chain, timer, exchange, call, this);
      hedged = both;
      sent = both.sent();
      both.start(pool.policy().hedgeAfterMillis);
      return;
    }
    Attempt attempt = exchange.sending();
    AtomicBoolean ended = new AtomicBoolean();
    CompletionStage<R> stage = send(attempt, null);
    sent = stage;
    MeshTimer.Scheduled expiry =
        attempt.timeoutNanos() > 0
            ? timer.schedule(() -> expire(attempt, stage, ended), attempt.timeoutNanos())
            : null;
    stage.whenComplete(
        (response, failure) -> {
          if (expiry != null) {
            expiry.cancel();
          }
          if (ended.compareAndSet(false, true)) {
            ended(response, failure);
          } else if (response != null) {
            discard(response);
          }
        });
    if (result.isCancelled()) {
      cancel(stage);
    }
    call.listening(stage);
  }

  CompletionStage<R> send(Attempt attempt, AsyncCall.@Nullable Beside<R> beside) {
    Attempt before = attempt.makeCurrent();
    try {
      return beside == null ? call.send(attempt) : beside.send(attempt);
    } catch (Throwable failure) {
      CompletableFuture<R> failed = new CompletableFuture<>();
      failed.completeExceptionally(failure);
      return failed;
    } finally {
      Attempt.restore(before);
    }
  }

  private void expire(Attempt attempt, CompletionStage<R> stage, AtomicBoolean ended) {
    if (ended.compareAndSet(false, true)) {
      attempt.markExpired();
      cancel(stage);
      ended(null, new TimeoutException(attempt + " took longer than allowed"));
    }
  }

  static void cancel(CompletionStage<?> stage) {
    if (stage instanceof CompletableFuture) {
      ((CompletableFuture<?>) stage).cancel(true);
    }
  }

  boolean isCancelled() {
    return result.isCancelled();
  }

  private void ended(@Nullable R response, @Nullable Throwable failure) {
    decide(outcome(exchange, response, failure));
  }

  /** Tells an exchange how its attempt ended; returns the response unless it is unusable. */
  @Nullable R outcome(
      OutboundExchange exchange, @Nullable R response, @Nullable Throwable failure) {
    try {
      if (failure != null || response == null) {
        Throwable cause = bare(failure);
        chain.failed(exchange, cause, outcomes.kind(call.classify(cause), cause));
      } else {
        boolean grpc = GrpcOutcomes.isRead(exchange);
        String grpcStatus = grpc ? call.header(response, "grpc-status") : null;
        if (exchange.retry.has(CompiledRetry.RATE_LIMITED)) {
          exchange.rateLimited = call.header(response, OutboundExchange.RATE_LIMITED) != null;
        }
        int status = call.status(response);
        exchange.overloaded =
            status >= 500 && call.header(response, RequestContext.OVERLOADED_HEADER) != null;
        chain.answered(exchange, status, grpcStatus, call.protocolVersion(response));
      }
      return response;
    } catch (Throwable broken) {
      chain.failed(exchange, broken, FailureKind.OTHER);
      return null;
    }
  }

  /** Goes on with what the attempt brought. */
  void decide(@Nullable R usable) {
    Verdict verdict = chain.end(exchange);
    if (!verdict.again()) {
      finish(usable);
      return;
    }
    Runnable next = () -> later(verdict.delayNanos(), this::attempt);
    if (usable == null) {
      next.run();
    } else {
      discard(usable, next);
    }
  }

  /** Gives back a response that came too late. */
  void discard(R response) {
    discard(response, AsyncExchange::nothing);
  }

  /** Nobody waits for the end of a response that nobody reads, but a little. */
  private void discard(R response, Runnable then) {
    CompletionStage<?> free = call.discard(response);
    if (free == null) {
      then.run();
      return;
    }
    AtomicBoolean over = new AtomicBoolean();
    MeshTimer.Scheduled limit =
        timer.schedule(
            () -> {
              if (over.compareAndSet(false, true)) {
                call.abandon(response);
                then.run();
              }
            },
            Attempt.DISCARD_NANOS);
    free.whenComplete(
        (done, failed) -> {
          if (over.compareAndSet(false, true)) {
            limit.cancel();
            then.run();
          }
        });
  }

  private static void nothing() {}

  /** Completion stages wrap what went wrong; the application should see the library's own. */
  private static Throwable bare(@Nullable Throwable failure) {
    if (failure == null) {
      return new NullPointerException("the client completed without a response");
    }
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private void finish(@Nullable R response) {
    LocalReply reply = exchange.reply;
    if (reply != null) {
      reply(reply);
      return;
    }
    Throwable failure = exchange.failure;
    if (response == null) {
      fail(failure == null ? new IllegalStateException("attempt without outcome") : failure);
      return;
    }
    try {
      R edited = response;
      HeaderEdits cookie = exchange.giveCookie();
      if (cookie != null) {
        edited = call.editResponse(edited, cookie);
      }
      CompiledBackend backend = exchange.backend;
      if (backend != null && !backend.headers().response.isEmpty()) {
        edited = call.editResponse(edited, backend.headers());
      }
      CompiledRoute route = exchange.route;
      if (route != null && !route.headers().response.isEmpty()) {
        edited = call.editResponse(edited, route.headers());
      }
      succeed(edited);
    } catch (Throwable broken) {
      fail(broken);
    }
  }

  private void reply(LocalReply reply) {
    exchange.reply = reply;
    R made;
    try {
      made = call.reply(Rejections.asAsked(exchange, reply));
    } catch (Throwable nativeFailure) {
      fail(nativeFailure);
      return;
    }
    succeed(made);
  }

  // Concluded before completion: dependents run at once and may never come back.

  private void succeed(R response) {
    chain.conclude(exchange);
    if (!result.complete(response)) {
      discard(response);
    }
  }

  private void fail(Throwable failure) {
    chain.conclude(exchange);
    result.completeExceptionally(failure);
  }
}
