package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.Parker;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.snapshot.CompiledBackend;
import dev.weft.dataplane.snapshot.CompiledRetry;
import dev.weft.dataplane.snapshot.CompiledRoute;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls of blocking clients on the caller's own thread: owns the loop of attempts and the
 * waits between them. Thread-safe.
 */
public final class BlockingDriver {
  /** How long a call that waits for a place may not notice that the application has ended it. */
  private static final long LOOK_NANOS = 100_000_000;

  private final OutboundChain chain;
  private final Outcomes outcomes;
  private final Parker parker;

  BlockingDriver(OutboundChain chain, Outcomes outcomes, Parker parker) {
    this.chain = chain;
    this.outcomes = outcomes;
    this.parker = parker;
  }

  /**
   * The service an authority stands for, or null when the call must stay untouched. Costs one hash
   * lookup.
   */
  public @Nullable Target resolve(String scheme, String authority) {
    return chain.resolve(scheme, authority);
  }

  /**
   * Makes a call.
   *
   * @return the library's response: the callee's, or one made of a local reply
   * @throws Exception the library's own exception of the last attempt, what {@link
   *     BlockingCall#reply} throws, or {@link InterruptedIOException} when the application
   *     interrupts a wait (the interrupt flag is set then)
   */
  public <R> R execute(Target target, OutboundRequest request, BlockingCall<R> call)
      throws Exception {
    OutboundExchange exchange = chain.open(target, request);
    try {
      Verdict verdict = chain.enter(exchange);
      while (!verdict.proceeds()) {
        if (verdict.queues()) {
          queue(exchange, call, verdict.delayNanos());
        } else {
          await(exchange, verdict.delayNanos());
        }
        LocalReply reply = verdict.reply();
        if (reply != null) {
          return replied(exchange, call, reply);
        }
        verdict = chain.enter(exchange);
      }
      return attempts(exchange, call);
    } finally {
      chain.conclude(exchange);
    }
  }

  private <R> R attempts(OutboundExchange exchange, BlockingCall<R> call) throws Exception {
    for (; ; ) {
      LocalReply refused = chain.begin(exchange).reply();
      if (refused != null) {
        return replied(exchange, call, refused);
      }
      Attempt attempt = exchange.sending();
      R response = send(attempt, exchange, call);
      Verdict verdict = chain.end(exchange);
      if (!verdict.again()) {
        return concluded(exchange, call, response);
      }
      if (response != null) {
        discard(attempt, call, response);
      }
      await(exchange, verdict.delayNanos());
    }
  }

  /** The response, or null when the attempt failed; the exchange knows how. */
  private <R> @Nullable R send(Attempt attempt, OutboundExchange exchange, BlockingCall<R> call) {
    Attempt before = attempt.makeCurrent();
    try {
      R response = call.send(attempt);
      String grpc = GrpcOutcomes.isRead(exchange) ? call.header(response, "grpc-status") : null;
      if (exchange.retry.has(CompiledRetry.RATE_LIMITED)) {
        exchange.rateLimited = call.header(response, OutboundExchange.RATE_LIMITED) != null;
      }
      int status = call.status(response);
      exchange.overloaded =
          status >= 500 && call.header(response, RequestContext.OVERLOADED_HEADER) != null;
      chain.answered(exchange, status, grpc, call.protocolVersion(response));
      return response;
    } catch (Throwable failure) {
      chain.failed(exchange, failure, outcomes.kind(call.classify(failure), failure));
      return null;
    } finally {
      Attempt.restore(before);
    }
  }

  /** Nobody waits for the end of a response that nobody reads, but a little. */
  private static <R> void discard(Attempt attempt, BlockingCall<R> call, R response) {
    Attempt.Limit limit = attempt.limitDiscard();
    try {
      call.discard(response);
    } finally {
      limit.over();
    }
  }

  private static <R> R concluded(
      OutboundExchange exchange, BlockingCall<R> call, @Nullable R response) throws Exception {
    LocalReply reply = exchange.reply;
    if (reply != null) {
      return replied(exchange, call, reply);
    }
    if (response == null) {
      throw BlockingDriver.<RuntimeException>unchecked(exchange.failure);
    }
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
    return edited;
  }

  private static <R> R replied(OutboundExchange exchange, BlockingCall<R> call, LocalReply reply)
      throws Exception {
    exchange.reply = reply;
    return call.reply(Rejections.asAsked(exchange, reply));
  }

  private void await(OutboundExchange exchange, long nanos) throws InterruptedIOException {
    if (nanos <= 0) {
      return;
    }
    try {
      parker.park(nanos);
    } catch (InterruptedException interrupted) {
      throw interrupted(exchange, interrupted);
    }
  }

  /** Waits for a place as long as the call and the application let it. */
  private void queue(OutboundExchange exchange, BlockingCall<?> call, long mostNanos)
      throws InterruptedIOException {
    Capacity.Place place = exchange.place;
    if (place == null) {
      return;
    }
    CountDownLatch over = new CountDownLatch(1);
    place.whenOver(over::countDown);
    long patience = TimeUnit.MILLISECONDS.toNanos(call.patienceMillis());
    long most = patience > 0 ? Math.min(patience, mostNanos) : mostNanos;
    long begun = chain.now();
    try {
      for (long left = most; left > 0 && over.getCount() > 0; left = most - (chain.now() - begun)) {
        if (call.cancelled()) {
          exchange.givenUp = true;
          return;
        }
        parker.await(over, Math.min(left, LOOK_NANOS));
      }
    } catch (InterruptedException interrupted) {
      throw interrupted(exchange, interrupted);
    }
  }

  private static InterruptedIOException interrupted(
      OutboundExchange exchange, InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException failure =
        new InterruptedIOException("interrupted while waiting to call " + exchange.host());
    failure.initCause(cause);
    exchange.failure = failure;
    exchange.failureKind = FailureKind.CANCELLED;
    return failure;
  }

  /** The library's failure goes on as it is, checked or not. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException unchecked(@Nullable Throwable failure)
      throws T {
    throw (T) (failure == null ? new IllegalStateException("attempt without outcome") : failure);
  }
}
