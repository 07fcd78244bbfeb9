package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.ApplicationThread;
import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.outbound.AsyncCall;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.Caller;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.dataplane.outbound.Target;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.http.ConnectionClosedException;
import org.apache.http.Header;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.utils.URIUtils;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.jspecify.annotations.Nullable;

/** Sends one hop of an exchange, once per attempt, over connections that the client makes. */
@SuppressWarnings("FutureReturnValueIgnored") // every end completes an attempt or the exchange
final class HopExchange implements AsyncCall<AsyncAnswer> {
  /** Dead connections of a pool that one hop puts up with. */
  private static final int REPEATS = 20;

  private final HookContext mesh;
  private final HopConnection connection;
  private final HttpAsyncClientExchangeHandler exchange;
  private final AsyncBody body;
  private final @Nullable Caller caller = Caller.capture();
  private @Nullable HttpRequest request;
  private @Nullable HopRequest hop;
  private Header[] headers = new Header[0];
  private volatile @Nullable AttemptExchange current;
  private volatile @Nullable Throwable unconnected;
  private volatile boolean cut;
  private boolean requestTold;
  private int repeats;

  HopExchange(HookContext mesh, HopConnection connection, HttpAsyncClientExchangeHandler exchange) {
    this.mesh = mesh;
    this.connection = connection;
    this.exchange = exchange;
    this.body = new AsyncBody(exchange);
  }

  void start() {
    try {
      HttpRequest made = exchange.generateRequest();
      if (made == null) {
        return;
      }
      HttpRequest original =
          made instanceof HttpRequestWrapper ? ((HttpRequestWrapper) made).getOriginal() : made;
      HopRequest asked =
          HopRequest.byRoute(made, original, connection.route().getTargetHost(), body::replayable);
      direct(made);
      request = made;
      hop = asked;
      Target target = mesh.dataPlane().async().resolve(asked.scheme(), asked.authority());
      if (target == null) {
        throw new IOException(asked.authority() + " left the service mesh meanwhile");
      }
      mesh.dataPlane()
          .async()
          .execute(target, asked, this)
          .whenComplete(
              (answer, failure) -> ApplicationThread.run(() -> conclude(answer, failure)));
    } catch (IOException | HttpException e) {
      exchange.failed(e);
    } catch (RuntimeException e) {
      mesh.failed("call to " + connection.route().getTargetHost(), e);
      exchange.failed(Outcome.refusal(e));
    }
  }

  /** Past a proxy that the planner may have chosen: instances are called directly. */
  private void direct(HttpRequest made) throws IOException {
    if (connection.route().getProxyHost() != null && made instanceof HttpRequestWrapper) {
      HttpRequestWrapper wrapper = (HttpRequestWrapper) made;
      try {
        wrapper.setURI(URIUtils.rewriteURI(wrapper.getURI(), null));
      } catch (URISyntaxException e) {
        throw new IOException(e);
      }
    }
  }

  private void conclude(@Nullable AsyncAnswer answer, @Nullable Throwable failure) {
    if (answer == null) {
      fail(failure == null ? new IOException("no response") : failure);
      return;
    }
    AttemptExchange attempt = answer.attempt;
    if (attempt != null) {
      attempt.deliver();
      return;
    }
    onBehalf(
        () -> {
          try {
            LocalContent.tell(exchange, answer.head);
          } catch (IOException | HttpException | RuntimeException e) {
            exchange.failed(e);
          }
        });
  }

  private void fail(Throwable failure) {
    Exception told;
    if (failure instanceof IOException
        || failure instanceof HttpException
        || failure instanceof TimeoutException) {
      told = (Exception) failure;
    } else if (cut) {
      told = new InterruptedIOException("request cancelled");
    } else {
      mesh.failed("call to " + connection.route().getTargetHost(), failure);
      told = Outcome.refusal(failure);
    }
    deliverFailure(told);
  }

  void deliverFailure(Exception cause) {
    onBehalf(() -> exchange.failed(cause));
  }

  /** What the exchange goes on with from here, such as a redirect, is for the same caller. */
  void onBehalf(Runnable task) {
    if (caller == null) {
      task.run();
    } else {
      caller.run(task);
    }
  }

  /** The exchange has no more use for any connection. */
  void cut() {
    cut = true;
    AttemptExchange attempt = current;
    if (attempt != null) {
      attempt.abort();
    }
  }

  // ---- what an attempt asks

  HopConnection connection() {
    return connection;
  }

  HttpAsyncClientExchangeHandler exchange() {
    return exchange;
  }

  AsyncBody body() {
    return body;
  }

  @Nullable HttpRequest request() {
    return request;
  }

  boolean isCut() {
    return cut;
  }

  void requestCompleted() {
    if (!requestTold) {
      requestTold = true;
      exchange.requestCompleted();
    }
  }

  /** An attempt failed before there was a response. */
  void failed(AttemptExchange failed, Exception cause) {
    Attempt attempt = failed.attempt();
    boolean fresh = failed.fresh();
    if (!fresh && !attempt.expired() && stale(cause) && mayRepeat() && repeats++ < REPEATS) {
      // A pooled connection that the server had closed meanwhile. Each turn uses one up, so this
      // ends with a new connection.
      ApplicationThread.run(() -> send(new AttemptExchange(this, attempt, failed.sent())));
      return;
    }
    if (!failed.connected()) {
      unconnected = cause;
    } else if (fresh && attempt.secure() && cause instanceof SSLException) {
      mesh.dataPlane()
          .transport()
          .handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.of(cause));
    }
    failed.sent().completeExceptionally(cause);
  }

  private static boolean stale(Exception e) {
    return e instanceof ConnectionClosedException
        || e instanceof SocketException
        || e.getClass() == IOException.class;
  }

  private boolean mayRepeat() {
    HopRequest asked = hop;
    return asked != null && asked.idempotent() && asked.replayable() && !cut;
  }

  // ---- what the driver asks

  @Override
  public CompletionStage<AsyncAnswer> send(Attempt attempt) {
    CompletableFuture<AsyncAnswer> sent = new CompletableFuture<>();
    HttpRequest message = request;
    if (message != null) {
      headers = message.getAllHeaders();
    }
    HopRequest asked = hop;
    URI other = asked == null ? null : asked.rewritten();
    if (other != null && !rewrite(message, other, sent)) {
      return sent;
    }
    sent.whenComplete(
        (answer, end) -> {
          if (end != null && message != null) {
            message.setHeaders(headers);
          }
          AttemptExchange running = current;
          if (sent.isCancelled() && running != null) {
            running.abort();
          }
        });
    ApplicationThread.run(() -> send(new AttemptExchange(this, attempt, sent)));
    return sent;
  }

  /** Has the request say another path until there is an answer. */
  private static boolean rewrite(
      @Nullable HttpRequest message, URI other, CompletableFuture<AsyncAnswer> sent) {
    if (!(message instanceof HttpRequestWrapper)) {
      sent.completeExceptionally(
          new IOException("the rewrite of the route cannot be carried out by this client"));
      return false;
    }
    HttpRequestWrapper wrapper = (HttpRequestWrapper) message;
    URI own = wrapper.getURI();
    wrapper.setURI(other);
    // A redirect is relative to what the application called.
    sent.whenComplete((answer, end) -> wrapper.setURI(own));
    return true;
  }

  private void send(AttemptExchange attempt) {
    current = attempt;
    if (cut) {
      attempt.sent().completeExceptionally(new InterruptedIOException("request cancelled"));
      return;
    }
    body.rewind();
    try {
      attempt.start();
    } catch (RuntimeException bug) {
      attempt.sent().completeExceptionally(bug);
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
    HttpRequest message = request;
    if (message != null) {
      message.setHeaders(headers);
    }
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
    IOException failure = LocalFailures.of(reply, connection.route().getTargetHost());
    if (failure != null) {
      throw failure;
    }
    HttpResponse response = new LocalResponse(reply);
    HopRequest asked = hop;
    if (asked != null && asked.method().equals("HEAD")) {
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
    if (cut) {
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
