package dev.weft.dataplane.outbound;

import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a call that policy hedges and, when that has not answered after a while, a second
 * one beside it at another endpoint (Dean and Barroso, "The Tail at Scale", 2013).
 *
 * <p>What happens comes from threads of the timer, the library and the application at once, and is
 * put into a queue. The thread that finds the queue at rest owns both exchanges, and what telemetry
 * knows, until it is at rest again; nobody waits for it. Two things are decided outside of the
 * queue: how a single attempt ended, by its {@code over}; and which attempt answers for the call,
 * by one compare-and-set of {@code winner}. Whoever does that hands the call on, when it has left
 * the queue.
 */
final class HedgedAttempts<R> {
  private final OutboundChain chain;
  private final MeshTimer timer;
  private final OutboundExchange exchange;
  private final AsyncCall<R> call;
  private final AsyncExchange<R> owner;

  private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicReference<@Nullable Leg> winner = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> next = new AtomicReference<>();

  // Of the thread that owns the queue.
  private @Nullable Leg first;
  private @Nullable Leg second;
  private MeshTimer.@Nullable Scheduled hedging;

  /** One of the two. */
  private final class Leg {
    final OutboundExchange state;
    final Attempt attempt;
    final AtomicBoolean over = new AtomicBoolean();
    final CompletionStage<R> stage;
    MeshTimer.@Nullable Scheduled expiry;
    boolean open = true;

    Leg(OutboundExchange state, CompletionStage<R> stage) {
      this.state = state;
      this.attempt = state.sending();
      this.stage = stage;
    }
  }

  HedgedAttempts(
      OutboundChain chain,
      MeshTimer timer,
      OutboundExchange exchange,
      AsyncCall<R> call,
      AsyncExchange<R> owner) {
    this.chain = chain;
    this.timer = timer;
    this.exchange = exchange;
    this.call = call;
    this.owner = owner;
  }

  /** Whether a call is hedged: before an attempt of it begins. */
  static boolean fit(OutboundExchange exchange, AsyncCall<?> call) {
    return exchange.pool != null
        && exchange.pool.policy().hedgeAfterMillis > 0
        && exchange.pool.size() > 1
        && !exchange.isPartOfRetry()
        && exchange.request().idempotent()
        && call.overlaps();
  }

  /** Whether a second attempt was made, as happens once a call; when this is over. */
  boolean wasHedged() {
    return second != null;
  }

  /** Sends the attempt, which has begun. */
  void start(long afterMillis) {
    post(
        () -> {
          Leg sent = send(exchange, null);
          first = sent;
          if (!sent.over.get()) {
            hedging =
                timer.schedule(() -> post(this::hedge), TimeUnit.MILLISECONDS.toNanos(afterMillis));
          }
        });
  }

  /** Stands for both attempts; whoever cancels it, from any thread, ends both. */
  CompletionStage<R> sent() {
    return new CompletableFuture<R>() {
      @Override
      public boolean cancel(boolean mayInterrupt) {
        post(
            () -> {
              HedgedAttempts.this.cancel(first);
              HedgedAttempts.this.cancel(second);
            });
        return super.cancel(mayInterrupt);
      }
    };
  }

  private void cancel(@Nullable Leg leg) {
    if (leg != null) {
      AsyncExchange.cancel(leg.stage);
    }
  }

  private Leg send(OutboundExchange state, AsyncCall.@Nullable Beside<R> beside) {
    Attempt attempt = state.sending();
    Leg leg = new Leg(state, owner.send(attempt, beside));
    if (attempt.timeoutNanos() > 0) {
      leg.expiry = timer.schedule(() -> expire(leg), attempt.timeoutNanos());
    }
    leg.stage.whenComplete(
        (response, failure) -> {
          if (leg.over.compareAndSet(false, true)) {
            post(() -> ended(leg, response, failure));
          } else if (response != null) {
            owner.discard(response);
          }
        });
    if (owner.isCancelled()) {
      cancel(leg);
    }
    call.listening(leg.stage);
    return leg;
  }

  private void expire(Leg leg) {
    if (leg.over.compareAndSet(false, true)) {
      leg.attempt.markExpired();
      cancel(leg);
      post(() -> ended(leg, null, new TimeoutException(leg.attempt + " took longer than allowed")));
    }
  }

  private void hedge() {
    Leg open = first;
    if (winner.get() != null || open == null || open.over.get() || owner.isCancelled()) {
      return;
    }
    AsyncCall.Beside<R> beside;
    OutboundExchange state;
    try {
      beside = call.beside();
      state = beside == null ? null : chain.hedge(exchange, beside.request());
    } catch (Throwable failed) {
      // A hedge is a help, not a right.
      return;
    }
    if (state != null) {
      second = send(state, beside);
    }
  }

  private void ended(Leg leg, @Nullable R response, @Nullable Throwable failure) {
    leg.open = false;
    MeshTimer.Scheduled expiry = leg.expiry;
    if (expiry != null) {
      expiry.cancel();
    }
    if (winner.get() != null) {
      // It came when the other one had been chosen already, and its books been closed.
      if (response != null) {
        owner.discard(response);
      }
      return;
    }
    R usable = owner.outcome(leg.state, response, failure);
    Leg other = leg == first ? second : first;
    Leg rival = other != null && other.open ? other : null;
    if (rival != null && RetryFilter.wantsAnother(leg.state)) {
      chain.close(leg.state);
      if (usable != null) {
        owner.discard(usable);
      }
    } else if (winner.compareAndSet(null, leg)) {
      if (rival != null) {
        lose(rival);
      }
      won(leg, usable);
    }
  }

  /** Neither success nor failure of its endpoint. */
  private void lose(Leg loser) {
    loser.open = false;
    MeshTimer.Scheduled expiry = loser.expiry;
    if (expiry != null) {
      expiry.cancel();
    }
    chain.failed(
        loser.state, new CancellationException("another instance answered"), FailureKind.CANCELLED);
    chain.close(loser.state);
    if (loser.over.compareAndSet(false, true)) {
      cancel(loser);
    }
  }

  private void won(Leg leg, @Nullable R usable) {
    MeshTimer.Scheduled pending = hedging;
    if (pending != null) {
      pending.cancel();
    }
    if (second != null) {
      chain.decided(exchange, leg.state);
    }
    next.set(() -> owner.decide(usable));
  }

  /** A defect in what runs in the queue: the call ends, and nothing stays taken. */
  private void broken(Throwable defect) {
    if (winner.compareAndSet(null, first)) {
      Leg other = second;
      if (other != null && other.open) {
        lose(other);
      }
      next.compareAndSet(
          null,
          () -> {
            chain.failed(exchange, defect, FailureKind.OTHER);
            owner.decide(null);
          });
    }
  }

  private void post(Runnable event) {
    events.add(event);
    if (queued.getAndIncrement() != 0) {
      return;
    }
    do {
      Runnable due = events.poll();
      try {
        if (due != null) {
          due.run();
        }
      } catch (Throwable defect) {
        broken(defect);
      }
    } while (queued.decrementAndGet() != 0);
    Runnable after = next.getAndSet(null);
    if (after != null) {
      after.run();
    }
  }
}
