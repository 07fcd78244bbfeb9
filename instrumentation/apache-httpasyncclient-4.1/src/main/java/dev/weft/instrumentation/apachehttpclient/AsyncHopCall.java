package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.ApplicationThread;
import dev.weft.agent.extension.HookContext;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.outbound.AsyncCall;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.apache.http.ConnectionClosedException;
import org.apache.http.Header;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.jspecify.annotations.Nullable;

/** Sends a hop, once per attempt, over connections that the client makes. */
@SuppressWarnings("FutureReturnValueIgnored") // every end completes an attempt
final class AsyncHopCall implements AsyncCall<AsyncAnswer> {
  /** Dead connections of a pool that one hop puts up with. */
  private static final int REPEATS = 20;

  private final HookContext mesh;
  private final HopExchange exchange;
  private final HopRequest hop;
  private final AsyncBody body;
  private Header[] headers = new Header[0];
  private volatile @Nullable AttemptExchange current;
  private volatile @Nullable Runnable waiting;
  private volatile @Nullable Throwable unconnected;
  private boolean requestTold;
  private int repeats;

  AsyncHopCall(HookContext mesh, HopExchange exchange, HopRequest hop, AsyncBody body) {
    this.mesh = mesh;
    this.exchange = exchange;
    this.hop = hop;
    this.body = body;
  }

  // ---- what an attempt asks

  HopConnection connection() {
    return exchange.connection();
  }

  AsyncBody body() {
    return body;
  }

  HttpRequest request() {
    return hop.request();
  }

  Delivery delivery(HttpResponse response, Runnable abort) {
    return exchange.delivery(response, abort);
  }

  void requestCompleted() {
    if (!requestTold) {
      requestTold = true;
      exchange.handler().requestCompleted();
    }
  }

  /** An attempt failed before there was a response. */
  void failed(AttemptExchange failed, Exception cause) {
    Attempt attempt = failed.attempt();
    boolean pooled = failed.connected() && !failed.fresh();
    if (pooled && !attempt.expired() && stale(cause) && mayRepeat() && repeats++ < REPEATS) {
      // The server had closed it meanwhile. Each turn uses one up, so this ends with a new one.
      ApplicationThread.run(() -> make(attempt, failed.sent()));
      return;
    }
    if (!failed.connected()) {
      unconnected = cause;
    } else if (!pooled && attempt.secure() && cause instanceof SSLException) {
      mesh.dataPlane()
          .transport()
          .handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.of(cause));
    }
    failed.sent().completeExceptionally(cause);
  }

  /** The kernel's word for a connection reset is a plain exception without a cause. */
  private static boolean stale(Exception e) {
    return e instanceof ConnectionClosedException
        || e instanceof SocketException
        || (e.getClass() == IOException.class && e.getCause() == null);
  }

  private boolean mayRepeat() {
    return hop.idempotent() && hop.replayable() && !exchange.isCancelled();
  }

  /** The exchange has no more use for any connection. */
  void abort() {
    Runnable end = waiting;
    if (end != null) {
      end.run();
    }
    AttemptExchange attempt = current;
    if (attempt != null) {
      attempt.abort();
    }
  }

  // ---- what the driver asks

  @Override
  public CompletionStage<AsyncAnswer> send(Attempt attempt) {
    headers = request().getAllHeaders();
    URI other = hop.rewritten();
    if (other == null) {
      return send(attempt, new Sent(headers, null));
    }
    if (request() instanceof HttpRequestWrapper) {
      HttpRequestWrapper wrapper = (HttpRequestWrapper) request();
      Sent sent = new Sent(headers, wrapper.getURI());
      wrapper.setURI(other);
      return send(attempt, sent);
    }
    CompletableFuture<AsyncAnswer> refused = new CompletableFuture<>();
    refused.completeExceptionally(
        new IOException("the rewrite of the route cannot be carried out by this client"));
    return refused;
  }

  private CompletionStage<AsyncAnswer> send(Attempt attempt, Sent sent) {
    ApplicationThread.run(() -> make(attempt, sent));
    return sent;
  }

  /**
   * What an attempt brings. Before anybody hears of it the request is the application's again: a
   * redirect, which the client may look for at once, is relative to the path that was called, and
   * the next attempt begins with the application's headers.
   */
  private final class Sent extends CompletableFuture<AsyncAnswer> {
    private final Header[] before;
    private final @Nullable URI called;
    private final AtomicBoolean over = new AtomicBoolean();

    Sent(Header[] before, @Nullable URI called) {
      this.before = before;
      this.called = called;
    }

    private void restore(boolean failed) {
      if (!over.compareAndSet(false, true)) {
        return;
      }
      if (called != null) {
        ((HttpRequestWrapper) request()).setURI(called);
      }
      if (failed) {
        request().setHeaders(before);
      }
    }

    @Override
    public boolean complete(AsyncAnswer answer) {
      restore(false);
      return super.complete(answer);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
      restore(true);
      return super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      restore(true);
      boolean cancelled = super.cancel(mayInterrupt);
      if (cancelled) {
        abort();
      }
      return cancelled;
    }
  }

  private void make(Attempt attempt, CompletableFuture<AsyncAnswer> sent) {
    try {
      AttemptExchange sending = new AttemptExchange(this, attempt, sent);
      current = sending;
      if (exchange.isCancelled()) {
        sent.completeExceptionally(new InterruptedIOException("request cancelled"));
        return;
      }
      body.rewind();
      sending.start();
    } catch (RuntimeException | Error bug) {
      sent.completeExceptionally(bug);
      abort();
    }
  }

  @Override
  public long patienceMillis() {
    return exchange.connection().leaseMillis();
  }

  @Override
  public void waiting(Runnable end) {
    waiting = end;
    if (exchange.isCancelled()) {
      end.run();
    }
  }

  @Override
  public int status(AsyncAnswer answer) {
    return answer.head.getStatusLine().getStatusCode();
  }

  @Override
  public @Nullable String protocolVersion(AsyncAnswer answer) {
    return HopCall.versionOf(answer.head);
  }

  @Override
  public @Nullable String header(AsyncAnswer answer, String name) {
    Header first = answer.head.getFirstHeader(name);
    return first == null ? null : first.getValue();
  }

  @Override
  public @Nullable CompletionStage<?> discard(AsyncAnswer answer) {
    request().setHeaders(headers);
    return answer.attempt == null ? null : answer.attempt.discard();
  }

  @Override
  public void abandon(AsyncAnswer answer) {
    if (answer.attempt != null) {
      answer.attempt.abort();
    }
  }

  @Override
  public AsyncAnswer reply(LocalReply reply) throws IOException {
    IOException failure = LocalFailures.of(reply, hop.host());
    if (failure != null) {
      throw failure;
    }
    HttpResponse response = new LocalResponse(reply);
    if (hop.method().equals("HEAD")) {
      response.setEntity(null);
    }
    return new AsyncAnswer(response, null);
  }

  @Override
  public AsyncAnswer editResponse(AsyncAnswer answer, HeaderEdits edits) {
    new ResponseHeaders(answer.head).edit(edits.response);
    return answer;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    if (exchange.isCancelled()) {
      return FailureKind.CANCELLED;
    }
    if (failure instanceof TimeoutException) {
      return FailureKind.OTHER;
    }
    if (failure == unconnected) {
      return FailureKind.CONNECT;
    }
    return failure instanceof SocketTimeoutException ? FailureKind.TIMEOUT : null;
  }
}
