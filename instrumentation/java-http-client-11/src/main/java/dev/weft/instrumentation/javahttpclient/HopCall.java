package dev.weft.instrumentation.javahttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.CallDepth;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.AsyncCall;
import dev.weft.dataplane.outbound.AsyncDriver;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.Caller;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.dataplane.outbound.Target;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Sends a hop with the client's own exchanges, one per attempt.
 *
 * <p>Between attempts the exchange that the client made for the hop is the current one of its
 * multi-exchange, so that a timeout or a cancellation always finds something to end. Where two
 * attempts may overlap it stays that all the time, and ends both; the one that answers for the hop
 * becomes the current one when it is chosen.
 */
@SuppressWarnings("FutureReturnValueIgnored") // every end completes result or sent
final class HopCall implements AsyncCall<HopResponse> {
  private final Internals internals;
  private final Object waiting;
  private final Object multi;
  private final HopRequest hop;
  private final CompletableFuture<Object> result = new CompletableFuture<>();
  private volatile @Nullable Throwable lastNative;
  private volatile @Nullable Overlap overlap;

  private HopCall(Internals internals, Object exchange) {
    this.internals = internals;
    this.waiting = exchange;
    this.multi = internals.multi(exchange);
    Object original = internals.request(exchange);
    this.hop = new HopRequest((HttpRequest) original, internals.added(original));
  }

  /** Starts the hop; the future is what the client expects of its own method. */
  static CompletableFuture<Object> start(
      HookContext context,
      Internals internals,
      Object exchange,
      AsyncDriver driver,
      Target target) {
    HopCall call = new HopCall(internals, exchange);
    Caller caller = Attempts.CALLERS.get(call.multi);
    if (caller == null) {
      call.run(context, driver, target);
    } else {
      caller.run(() -> call.run(context, driver, target));
    }
    return call.result;
  }

  private void run(HookContext context, AsyncDriver driver, Target target) {
    CompletableFuture<Object> ended = new CompletableFuture<>();
    internals.setPending(waiting, ended);
    CompletableFuture<HopResponse> driven = driver.execute(target, hop, this);
    ended.whenComplete(
        (nothing, cancelled) -> {
          if (cancelled != null && result.completeExceptionally(unwrapped(cancelled))) {
            driven.cancel(true);
          }
        });
    driven.whenComplete(
        (response, failure) -> onClientThread(() -> conclude(context, response, failure)));
  }

  private void conclude(
      HookContext context, @Nullable HopResponse response, @Nullable Throwable failure) {
    if (failure == null && response != null) {
      try {
        if (overlap != null) {
          internals.makeCurrent(multi, response.exchange());
        }
        internals.adopt(waiting, response.exchange());
        result.complete(response.asClientSees(internals, hop.original()));
      } catch (Throwable t) {
        refuse(context, t);
      }
      return;
    }
    internals.markRetried(multi);
    Throwable cause = unwrapped(failure);
    Overlap both = overlap;
    boolean own = cause == lastNative || (both != null && cause == both.lastNative);
    if (own || internals.cancelled(multi)) {
      result.completeExceptionally(cause);
    } else {
      refuse(context, cause);
    }
  }

  private void refuse(HookContext context, Throwable bug) {
    context.failed("call to " + hop.authority(), bug);
    result.completeExceptionally(Outcome.refusal(bug));
  }

  @Override
  public CompletionStage<HopResponse> send(Attempt attempt) {
    return send(hop, attempt);
  }

  @Override
  public boolean overlaps() {
    if (overlap == null) {
      overlap = new Overlap();
    }
    return true;
  }

  @Override
  public @Nullable Beside<HopResponse> beside() {
    Overlap both = overlap;
    HopRequest copy = hop.beside();
    return both == null || copy == null ? null : both.of(copy);
  }

  /** What two attempts at a time must not share; there only for calls that are hedged. */
  private final class Overlap implements Beside<HopResponse> {
    private @Nullable HopRequest copy;
    volatile @Nullable Throwable lastNative;

    Overlap of(HopRequest made) {
      copy = made;
      return this;
    }

    @Override
    public HopRequest request() {
      return requireNonNull(copy);
    }

    @Override
    public CompletionStage<HopResponse> send(Attempt attempt) {
      return HopCall.this.send(request(), attempt);
    }
  }

  private CompletionStage<HopResponse> send(HopRequest hop, Attempt attempt) {
    CompletableFuture<HopResponse> sent = new CompletableFuture<>();
    onClientThread(() -> send(hop, attempt, sent, false));
    return sent;
  }

  private void send(
      HopRequest hop, Attempt attempt, CompletableFuture<HopResponse> sent, boolean again) {
    if (sent.isDone()) {
      return; // given up before the client's executor got to it
    }
    Object exchange;
    CompletableFuture<Object> head;
    boolean made = false;
    try {
      if (internals.cancelled(multi)) {
        throw new IOException("Request cancelled");
      }
      hop.sendFor(attempt);
      Object request = internals.newRequest(hop, hop.original());
      if (hop.endsConnection()) {
        internals.endConnection(request);
      }
      Attempts.REQUESTS.put(request, hop);
      exchange = internals.newExchange(request, multi);
      if (overlap == null) {
        internals.makeCurrent(multi, exchange);
      }
      made = true;
      head = internals.send(exchange);
    } catch (Throwable t) {
      boolean own = made || t instanceof IOException;
      sent.completeExceptionally(failed(hop, own ? t : Outcome.refusal(t)));
      return;
    }
    sent.whenComplete(
        (response, end) -> {
          if (sent.isCancelled()) {
            internals.cancel(exchange, new HttpTimeoutException("request timed out"));
          }
        });
    head.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            sent.complete(HopResponse.received(response, exchange, internals));
            return;
          }
          Throwable cause = unwrapped(failure);
          if (overlap == null) {
            internals.makeCurrent(multi, waiting);
          }
          if (!again && (expired(cause) || isGoneAway(cause)) && repeatable(hop)) {
            onClientThread(() -> send(hop, attempt, sent, true));
          } else {
            sent.completeExceptionally(
                failed(hop, expired(cause) && cause.getCause() != null ? cause.getCause() : cause));
          }
        });
  }

  /**
   * A pooled connection that the server had closed meanwhile: the client itself would try again.
   */
  private static boolean expired(Throwable failure) {
    return failure.getClass().getSimpleName().equals("ConnectionExpiredException");
  }

  /**
   * A connection that takes no more streams (RFC 9113, 6.8) is as good as closed: Tomcat 9 says so
   * to the request that follows one that was reset, as a hedge's loser is.
   */
  private static boolean isGoneAway(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("GOAWAY");
  }

  private static boolean repeatable(HopRequest hop) {
    String method = hop.method();
    return hop.replayable() && (method.equals("GET") || method.equals("HEAD"));
  }

  @SuppressWarnings("ReferenceEquality") // which of the two it is
  private Throwable failed(HopRequest hop, Throwable failure) {
    Overlap both = overlap;
    if (both != null && hop != this.hop) {
      both.lastNative = failure;
    } else {
      lastNative = failure;
    }
    return failure;
  }

  /** Not on a thread of the agent: the client calls publishers and handlers of the application. */
  private void onClientThread(Runnable task) {
    if (CallDepth.isAgentTraffic()) {
      Executor executor = internals.executor(waiting);
      executor.execute(task);
    } else {
      task.run();
    }
  }

  private static Throwable unwrapped(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null ? new IOException("no response") : cause;
  }

  @Override
  public int status(HopResponse response) {
    return response.status();
  }

  @Override
  public @Nullable String protocolVersion(HopResponse response) {
    return response.version() == HttpClient.Version.HTTP_2 ? "2" : "1.1";
  }

  @Override
  public @Nullable String header(HopResponse response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  /** A new exchange ends the former, which would lose a connection that is still being drained. */
  @Override
  public @Nullable CompletionStage<?> discard(HopResponse response) {
    return response.isLocal() ? null : internals.ignoreBody(response.exchange());
  }

  @Override
  public void abandon(HopResponse response) {
    internals.cancel(response.exchange(), new IOException("too late an end of a response"));
  }

  @Override
  public HopResponse reply(LocalReply reply) throws IOException {
    IOException failure = LocalResponse.failure(reply);
    if (failure != null) {
      lastNative = failure;
      throw failure;
    }
    Object exchange = internals.newExchange(hop.original(), multi);
    Attempts.LOCAL.put(exchange, reply);
    // Of a redirect the client has the body ignored by the exchange that it made itself.
    Attempts.LOCAL.put(waiting, reply);
    internals.makeCurrent(multi, exchange);
    HttpHeaders headers = LocalResponse.headers(reply);
    return HopResponse.local(exchange, reply.status(), headers, HttpClient.Version.HTTP_1_1);
  }

  @Override
  public HopResponse editResponse(HopResponse response, HeaderEdits edits) {
    return response.edited(edits);
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    if (internals.cancelled(multi)) {
      return FailureKind.CANCELLED;
    }
    if (failure instanceof HttpConnectTimeoutException) {
      return FailureKind.CONNECT;
    }
    boolean refused =
        isGoneAway(failure) || String.valueOf(failure.getMessage()).contains("REFUSED_STREAM");
    return refused ? FailureKind.REFUSED_STREAM : null;
  }
}
