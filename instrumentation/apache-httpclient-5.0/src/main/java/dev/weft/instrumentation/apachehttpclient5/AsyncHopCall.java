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
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/** Sends a hop with the library's own asynchronous chain, once per attempt. */
@SuppressWarnings("FutureReturnValueIgnored") // every end completes a Sent or the callback
final class AsyncHopCall implements AsyncCall<AsyncAnswer> {
  /** Dead connections of a pool that one hop puts up with. */
  private static final int REPEATS = 20;

  private final HookContext mesh;
  private final AsyncExecChain.Scope scope;
  private final HttpRequest message;
  private final HopRequest hop;
  private final @Nullable AsyncHopEntity body;
  private final AsyncExecCallback application;
  private final AsyncWire wire;
  private final Abortable abortable;
  private final @Nullable Caller caller;
  private int repeats;

  /** An attempt under way; completed with the head of its response. */
  static final class Sent extends CompletableFuture<AsyncAnswer> {
    private final Sending sending;

    Sent(Sending sending) {
      this.sending = sending;
    }
  }

  private AsyncHopCall(
      HookContext mesh,
      AsyncExecChain.Scope scope,
      HttpRequest message,
      @Nullable AsyncHopEntity body,
      AsyncExecCallback application,
      AsyncWire wire) {
    this.mesh = mesh;
    this.scope = scope;
    this.message = message;
    this.body = body;
    this.application = application;
    this.wire = wire;
    this.hop =
        HopRequest.of(message, scope.route.getTargetHost(), body == null ? SentBody.NONE : body);
    this.abortable = new Abortable(scope.cancellableDependency);
    this.caller = Caller.capture();
  }

  static AsyncHopCall of(
      HookContext mesh,
      AsyncExecChain.Scope scope,
      HttpRequest request,
      @Nullable AsyncEntityProducer producer,
      AsyncExecCallback application,
      AsyncWire wire) {
    AsyncHopEntity body = producer == null ? null : new AsyncHopEntity(producer);
    return new AsyncHopCall(mesh, scope, copy(request), body, application, wire);
  }

  private static HttpRequest copy(HttpRequest original) {
    BasicHttpRequest copy = new BasicHttpRequest(original.getMethod(), original.getPath());
    copy.setVersion(original.getVersion());
    copy.setScheme(original.getScheme());
    copy.setAuthority(original.getAuthority());
    for (Iterator<Header> i = original.headerIterator(); i.hasNext(); ) {
      copy.addHeader(i.next());
    }
    return copy;
  }

  void start(AsyncDriver driver, Target target) {
    driver
        .execute(target, hop, this)
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
    } else if (failure instanceof CancellationException || abortable.isCancelled()) {
      deliverFailure(new InterruptedIOException("request cancelled"));
    } else {
      mesh.failed("call to " + hop.authority(), failure);
      deliverFailure(Outcome.refusal(failure));
    }
  }

  // ---- what a reception asks

  AsyncExecCallback application() {
    return application;
  }

  boolean bodyIsOut() {
    return body == null || body.ended();
  }

  /** The context is free for another attempt or hop. */
  void left(Sent sent) {
    if (Sending.in(scope.clientContext) == sent.sending) {
      Sending.end(scope.clientContext);
    }
  }

  void abort() {
    abortable.cancel();
  }

  /** The response is over; a redirect goes on from here, for the same caller. */
  void completed() {
    onBehalf(application::completed);
  }

  void deliverFailure(Exception cause) {
    if (body != null) {
      body.conclude();
    }
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
    if (!fresh && !attempt.expired() && stale(cause) && mayRepeat(cause) && repeats++ < REPEATS) {
      // A pooled connection that the server had closed meanwhile: the library itself would try the
      // next one. Each turn uses one up, so this ends with a new connection.
      Sent again = send(attempt);
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

  private boolean mayRepeat(Exception cause) {
    // The latter, in later versions, when not a byte was written.
    boolean unsent = cause.getClass().getSimpleName().equals("RequestNotExecutedException");
    return (hop.idempotent() || unsent) && hop.replayable() && !abortable.isCancelled();
  }

  // ---- what the driver asks

  @Override
  public Sent send(Attempt attempt) {
    Sent sent = new Sent(new Sending(attempt, hop.host()));
    ApplicationThread.run(() -> send(sent));
    return sent;
  }

  private void send(Sent sent) {
    if (abortable.isCancelled()) {
      sent.completeExceptionally(new InterruptedIOException("request cancelled"));
      return;
    }
    abortable.begin();
    AsyncReception reception = new AsyncReception(this, sent, scope.execRuntime.fork());
    sent.whenComplete(
        (answer, end) -> {
          if (sent.isCancelled()) {
            reception.abort();
          }
        });
    sent.sending.startIn(scope.clientContext);
    if (body != null) {
      body.releaseResources();
    }
    try {
      HttpRequest once = copy(message);
      hop.sent(once);
      wire.send(once, message, body, abortable, reception.runtime(), reception);
    } catch (Exception e) {
      reception.failed(e);
    } catch (Throwable bug) {
      left(sent);
      sent.completeExceptionally(bug);
    }
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
    IOException failure = LocalFailures.of(reply, hop.host());
    if (failure != null) {
      throw failure;
    }
    return AsyncAnswer.local(reply, !message.getMethod().equals("HEAD"));
  }

  @Override
  public AsyncAnswer editResponse(AsyncAnswer answer, HeaderEdits edits) {
    new MessageHeaders(answer.head()).edit(edits.response);
    return answer;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    return abortable.isCancelled() ? FailureKind.CANCELLED : LocalFailures.kind(failure);
  }
}
