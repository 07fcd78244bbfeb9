package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.agent.extension.ApplicationThread;
import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.outbound.AsyncCall;
import dev.weft.dataplane.outbound.AsyncDriver;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.Caller;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.dataplane.outbound.Target;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/** Sends a hop with the library's own asynchronous chain, once per attempt. */
@SuppressWarnings("FutureReturnValueIgnored") // every end completes a Sent or the callback
final class AsyncHopCall implements AsyncCall<AsyncAnswer> {
  private final HookContext mesh;
  private final AsyncExecChain.Scope scope;
  private final AsyncHop hop;
  private final AsyncExecCallback application;
  private final AsyncWire wire;
  private final @Nullable Caller caller;

  /** An attempt under way; completed with the head of its response. */
  static final class Sent extends CompletableFuture<AsyncAnswer> {
    private final AsyncHop hop;
    private final Sending sending;

    Sent(AsyncHop hop, Attempt attempt) {
      this.hop = hop;
      this.sending = new Sending(attempt, hop.request().host());
    }

    AsyncHop hop() {
      return hop;
    }

    /** The context is free for another attempt or hop. */
    void left() {
      if (Sending.in(hop.context()) == sending) {
        Sending.end(hop.context());
      }
    }
  }

  AsyncHopCall(
      HookContext mesh,
      AsyncExecChain.Scope scope,
      HttpRequest request,
      @Nullable AsyncEntityProducer producer,
      AsyncExecCallback application,
      AsyncWire wire) {
    this.mesh = mesh;
    this.scope = scope;
    this.application = application;
    this.wire = wire;
    this.hop = AsyncHop.of(scope, request, producer);
    this.caller = Caller.capture();
  }

  void start(AsyncDriver driver, Target target) {
    driver
        .execute(target, hop.request(), this)
        .whenComplete((answer, failure) -> ApplicationThread.run(() -> conclude(answer, failure)));
  }

  private void conclude(@Nullable AsyncAnswer answer, @Nullable Throwable failure) {
    if (answer == null) {
      fail(failure == null ? new IOException("no response") : failure);
      return;
    }
    try {
      answer.deliver(application);
    } catch (Exception e) {
      deliverFailure(e);
    } catch (Throwable bug) {
      fail(bug);
    }
  }

  private void fail(Throwable failure) {
    if (failure instanceof IOException || failure instanceof HttpException) {
      deliverFailure((Exception) failure);
    } else if (failure instanceof CancellationException || hop.abortable().isCancelled()) {
      deliverFailure(new InterruptedIOException("request cancelled"));
    } else {
      mesh.failed("call to " + hop.request().authority(), failure);
      deliverFailure(Outcome.refusal(failure));
    }
  }

  // ---- what a reception asks

  AsyncExecCallback application() {
    return application;
  }

  /** The response is over; a redirect goes on from here, for the same caller. */
  void completed() {
    onBehalf(application::completed);
  }

  void deliverFailure(Exception cause) {
    hop.conclude();
    onBehalf(() -> application.failed(cause));
  }

  private void onBehalf(Runnable task) {
    if (caller == null) {
      task.run();
    } else {
      caller.run(task);
    }
  }

  /** An attempt failed before there was a response. */
  void failed(Sent sent, Exception cause) {
    Attempt attempt = sent.sending.attempt();
    boolean fresh = sent.sending.fresh();
    if (!fresh && !attempt.expired() && stale(cause) && sent.hop.mayRepeat(cause)) {
      // A pooled connection that the server had closed meanwhile: the library itself would try the
      // next one. Each turn uses one up, so this ends with a new connection.
      Sent again = send(sent.hop, attempt);
      again.whenComplete(
          (answer, failure) -> {
            if (failure != null) {
              sent.completeExceptionally(failure);
            } else if (!sent.complete(answer)) {
              answer.abandon();
            }
          });
      sent.whenComplete(
          (answer, failure) -> {
            if (sent.isCancelled()) {
              again.cancel(true);
            }
          });
      return;
    }
    if (fresh && attempt.secure() && cause instanceof SSLException) {
      mesh.dataPlane()
          .transport()
          .handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.of(cause));
    }
    sent.completeExceptionally(cause);
  }

  private static boolean stale(Exception e) {
    return e instanceof ConnectionClosedException
        || e instanceof SocketException
        || e.getClass() == IOException.class;
  }

  // ---- what the driver asks

  @Override
  public Sent send(Attempt attempt) {
    return send(hop, attempt);
  }

  @Override
  public boolean overlaps() {
    return hop.mayOverlap();
  }

  @Override
  public @Nullable Beside<AsyncAnswer> beside() {
    AsyncHop copy = hop.beside();
    return copy == null ? null : new Second(copy);
  }

  /** A second attempt, with all that attempts change for itself. */
  private final class Second implements Beside<AsyncAnswer> {
    private final AsyncHop copy;

    Second(AsyncHop copy) {
      this.copy = copy;
    }

    @Override
    public HopRequest request() {
      return copy.request();
    }

    @Override
    public Sent send(Attempt attempt) {
      return AsyncHopCall.this.send(copy, attempt);
    }
  }

  private Sent send(AsyncHop hop, Attempt attempt) {
    Sent sent = new Sent(hop, attempt);
    ApplicationThread.run(() -> send(sent));
    return sent;
  }

  private void send(Sent sent) {
    AsyncHop hop = sent.hop;
    if (hop.abortable().isCancelled()) {
      sent.completeExceptionally(new InterruptedIOException("request cancelled"));
      return;
    }
    AsyncReception reception = new AsyncReception(this, sent, scope.execRuntime.fork());
    sent.whenComplete(
        (answer, end) -> {
          if (sent.isCancelled()) {
            reception.abort();
          }
        });
    try {
      sent.sending.startIn(hop.context());
      wire.send(hop.begin(), hop, reception.runtime(), reception);
    } catch (Exception e) {
      reception.failed(e);
    } catch (Throwable bug) {
      sent.left();
      sent.completeExceptionally(bug);
    }
  }

  @Override
  public long patienceMillis() {
    return Patience.millis(hop.context());
  }

  @Override
  public void waiting(Runnable end) {
    hop.abortable()
        .setDependency(
            () -> {
              end.run();
              return true;
            });
  }

  @Override
  public int status(AsyncAnswer answer) {
    return answer.head().getCode();
  }

  @Override
  public @Nullable String protocolVersion(AsyncAnswer answer) {
    return Versions.of(answer.head());
  }

  @Override
  public @Nullable String header(AsyncAnswer answer, String name) {
    return new MessageHeaders(answer.head()).header(name);
  }

  @Override
  public @Nullable CompletionStage<?> discard(AsyncAnswer answer) {
    return answer.discard();
  }

  @Override
  public void abandon(AsyncAnswer answer) {
    answer.abandon();
  }

  @Override
  public AsyncAnswer reply(LocalReply reply) throws IOException {
    IOException failure = LocalFailures.of(reply, hop.request().host());
    if (failure != null) {
      throw failure;
    }
    return AsyncAnswer.local(reply, !hop.request().method().equals("HEAD"));
  }

  @Override
  public AsyncAnswer editResponse(AsyncAnswer answer, HeaderEdits edits) {
    new MessageHeaders(answer.head()).edit(edits.response);
    return answer;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    return hop.abortable().isCancelled() ? FailureKind.CANCELLED : LocalFailures.kind(failure);
  }
}
