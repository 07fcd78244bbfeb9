package dev.weft.instrumentation.apachehttpclient;

import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.ConnectionClosedException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.apache.http.nio.protocol.HttpAsyncRequestExecutor;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, as the connection to its instance sees it: leases the connection, sends, and gives
 * it back. With the head of the response the driver decides whether the exchange gets it; the
 * {@link Delivery} keeps what arrives until then. Thread-safe, and holds no lock.
 */
final class AttemptExchange
    implements HttpAsyncClientExchangeHandler, FutureCallback<NHttpClientConnection> {
  private final AsyncHopCall call;
  private final ExchangeConnections connections;
  private final Attempt attempt;
  private final HttpRoute instance;
  private final CompletableFuture<AsyncAnswer> sent;
  private final CompletableFuture<@Nullable Void> free = new CompletableFuture<>();
  private final AtomicReference<@Nullable NHttpClientConnection> held = new AtomicReference<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable Future<NHttpClientConnection> asked;
  private volatile @Nullable Delivery delivery;
  private volatile boolean aborted;
  private volatile boolean fresh;
  private volatile boolean connected;

  AttemptExchange(AsyncHopCall call, Attempt attempt, CompletableFuture<AsyncAnswer> sent) {
    this.call = call;
    this.connections = call.connection().connections();
    this.attempt = attempt;
    this.sent = sent;
    this.instance = InstanceRoute.of(attempt, connections.own, call.connection().route());
  }

  Attempt attempt() {
    return attempt;
  }

  CompletableFuture<AsyncAnswer> sent() {
    return sent;
  }

  /** Whether the connection was made for this attempt. */
  boolean fresh() {
    return fresh;
  }

  /** Whether there was a connection at all, made for this attempt or taken from the pool. */
  boolean connected() {
    return connected;
  }

  void start() {
    HopConnection asking = call.connection();
    AddressHook.NAMES.name(attempt);
    asked =
        connections.own.requestConnection(
            instance,
            null,
            shorter(asking.connectMillis(), attempt.connectTimeoutMillis()),
            asking.leaseMillis(),
            TimeUnit.MILLISECONDS,
            this);
    if (aborted) {
      abort();
    }
  }

  private static long shorter(long own, long allowed) {
    return allowed > 0 && (own <= 0 || own > allowed) ? allowed : own;
  }

  // ---- what the pool tells

  @Override
  public void completed(NHttpClientConnection connection) {
    connected = true;
    held.set(connection);
    Exception failure;
    try {
      failure = aborted ? new InterruptedIOException("request aborted") : sendOn(connection);
    } catch (IOException | RuntimeException e) {
      failure = e;
    } catch (Error bug) {
      failure = Outcome.refusal(bug);
    }
    if (failure != null) {
      Exception cause = failure;
      // Not within the pool's callback. It holds the pool's lock, under which the application would
      // hear of it; and the pool counts a new connection as leased only after that, so that one
      // given back before would never be free again.
      ForkJoinPool.commonPool().execute(() -> failed(cause));
    }
  }

  /** Why the connection is of no use, or null when it sends. */
  private @Nullable Exception sendOn(NHttpClientConnection connection) throws IOException {
    if (!connections.own.isRouteComplete(connection)) {
      fresh = true;
      secure(connection);
    }
    HttpContext context = connection.getContext();
    // As the library's own exchanges do, against an event that comes between the two.
    synchronized (context) {
      context.setAttribute(HttpAsyncRequestExecutor.HTTP_HANDLER, this);
      if (connection.isStale()) {
        return new ConnectionClosedException("Connection closed");
      }
      connection.requestOutput();
      return null;
    }
  }

  private void secure(NHttpClientConnection connection) throws IOException {
    TransportSecurity transport = connections.mesh.dataPlane().transport();
    ClientTls tls = attempt.tls();
    if (tls == null) {
      transport.plaintext(ConnectionObserver.Side.OUTBOUND);
    } else {
      new SessionTls(transport, attempt, tls).layer(connections.own, connection, instance);
    }
    connections.own.routeComplete(connection, instance, connections.context);
  }

  @Override
  public void cancelled() {
    failed(new InterruptedIOException("request aborted"));
  }

  // ---- the driver's decision

  /** The exchange gets this response. */
  void deliver() {
    Delivery response = delivery;
    if (response != null) {
      response.deliver();
    }
  }

  /**
   * Nobody reads this response.
   *
   * @return completed when its connection was given back
   */
  CompletionStage<?> discard() {
    Delivery response = delivery;
    if (response != null) {
      response.discard();
    }
    return free;
  }

  /** The time of the attempt is over, or the application gave up. From any thread. */
  void abort() {
    aborted = true;
    Delivery response = delivery;
    if (response != null) {
      response.stop();
    }
    Future<NHttpClientConnection> request = asked;
    if (request != null && !connected) {
      request.cancel(true);
    }
    discardConnection();
    if (!sent.isDone()) {
      sent.completeExceptionally(new InterruptedIOException("request aborted"));
    }
  }

  private @Nullable NHttpClientConnection letGo() {
    NHttpClientConnection connection = held.getAndSet(null);
    if (connection != null) {
      connection.getContext().removeAttribute(HttpAsyncRequestExecutor.HTTP_HANDLER);
    }
    return connection;
  }

  private void discardConnection() {
    NHttpClientConnection connection = letGo();
    if (connection != null) {
      connections.discard(connection);
    }
    free.complete(null);
  }

  // ---- what the connection tells

  @Override
  public HttpRequest generateRequest() {
    NHttpClientConnection connection = held.get();
    if (connection != null) {
      // Not before: the reactor sets its own on connections that it has just made.
      connection.setSocketTimeout(call.connection().getSocketTimeout());
    }
    return call.request();
  }

  @Override
  public void produceContent(ContentEncoder encoder, IOControl control) throws IOException {
    call.body().produce(encoder, control);
  }

  @Override
  public void requestCompleted() {
    call.requestCompleted();
  }

  @Override
  public void responseReceived(HttpResponse response) {
    Delivery made = call.delivery(response, this::abort);
    delivery = made;
    if (aborted) {
      made.stop();
    }
    if (!sent.complete(new AsyncAnswer(response, this))) {
      discard();
    }
  }

  @Override
  public void consumeContent(ContentDecoder decoder, IOControl control) throws IOException {
    Delivery response = delivery;
    if (response != null) {
      response.content(decoder, control);
    }
  }

  @Override
  public void responseCompleted() {
    Delivery response = delivery;
    if (response == null || !over.compareAndSet(false, true)) {
      return;
    }
    // Before anybody hears of the end: what the application sends next shall find it free.
    NHttpClientConnection connection = letGo();
    if (connection != null) {
      connections.giveBack(connection, response.head());
    }
    free.complete(null);
    response.ended();
  }

  @Override
  public void inputTerminated() {
    failed(new ConnectionClosedException("Connection closed"));
  }

  @Override
  public void failed(Exception cause) {
    discardConnection();
    if (!over.compareAndSet(false, true)) {
      return;
    }
    Delivery response = delivery;
    if (response != null) {
      response.failed(cause);
    } else if (!sent.isDone()) {
      call.failed(this, cause);
    }
  }

  @Override
  public void close() {
    failed(new ConnectionClosedException("Connection closed"));
  }

  @Override
  public boolean isDone() {
    return over.get();
  }

  @Override
  public boolean cancel() {
    if (isDone()) {
      return false;
    }
    failed(new InterruptedIOException("request aborted"));
    return true;
  }
}
