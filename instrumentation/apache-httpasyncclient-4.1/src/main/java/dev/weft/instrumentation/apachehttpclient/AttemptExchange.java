package dev.weft.instrumentation.apachehttpclient;

import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.snapshot.ClientTls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.http.ConnectionClosedException;
import org.apache.http.HttpHost;
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
 * One attempt, as the connection to its instance sees it. With the head of the response the driver
 * decides whether the exchange gets it; mostly at once, else what arrives until then is kept, and
 * no more of it than a limit is read.
 */
final class AttemptExchange
    implements HttpAsyncClientExchangeHandler, FutureCallback<NHttpClientConnection> {
  private static final int LIMIT = 64 * 1024;

  private final HopExchange hop;
  private final Attempt attempt;
  private final CompletableFuture<AsyncAnswer> sent;
  private final CompletableFuture<@Nullable Void> free = new CompletableFuture<>();
  private volatile @Nullable Future<NHttpClientConnection> asked;
  private volatile boolean aborted;
  private volatile boolean fresh;
  private volatile boolean connected;
  private @Nullable NHttpClientConnection held;
  private @Nullable HttpResponse head;
  private @Nullable IOControl waiting;
  private final EarlyContent early = new EarlyContent();
  private Fate fate = Fate.OPEN;
  private boolean over;
  private boolean toldEnd;

  private enum Fate {
    OPEN,
    DELIVERED,
    DISCARDED
  }

  AttemptExchange(HopExchange hop, Attempt attempt, CompletableFuture<AsyncAnswer> sent) {
    this.hop = hop;
    this.attempt = attempt;
    this.sent = sent;
  }

  Attempt attempt() {
    return attempt;
  }

  CompletableFuture<AsyncAnswer> sent() {
    return sent;
  }

  /** Whether the connection is or was to be made for this attempt, not taken from the pool. */
  boolean fresh() {
    return fresh;
  }

  boolean connected() {
    return connected;
  }

  void start() {
    HopConnection asking = hop.connection();
    HttpRoute instance = new HttpRoute(new HttpHost(attempt.poolKey(), attempt.port(), "http"));
    AddressHook.NAMES.name(attempt);
    RouteLimits.inherit(asking.connections().own, asking.route(), instance);
    asked =
        asking
            .connections()
            .own
            .requestConnection(
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
    synchronized (this) {
      held = connection;
    }
    if (aborted) {
      failed(new InterruptedIOException("request aborted"));
      return;
    }
    try {
      ExchangeConnections connections = hop.connection().connections();
      if (!connections.own.isRouteComplete(connection)) {
        fresh = true;
        secure(connections, connection);
      }
      HttpContext context = connection.getContext();
      synchronized (context) {
        context.setAttribute(HttpAsyncRequestExecutor.HTTP_HANDLER, this);
        if (connection.isStale()) {
          failed(new ConnectionClosedException("Connection closed"));
        } else {
          connection.requestOutput();
        }
      }
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  private void secure(ExchangeConnections connections, NHttpClientConnection connection)
      throws IOException {
    TransportSecurity transport = connections.mesh.dataPlane().transport();
    HttpRoute instance = new HttpRoute(new HttpHost(attempt.poolKey(), attempt.port(), "http"));
    HttpContext where = hop.connection().connections().context;
    ClientTls tls = attempt.tls();
    if (tls == null) {
      transport.plaintext(ConnectionObserver.Side.OUTBOUND);
    } else {
      new SessionTls(transport, attempt, tls).layer(connections.own, connection, instance);
    }
    connections.own.routeComplete(connection, instance, where);
  }

  @Override
  public void cancelled() {
    failed(new InterruptedIOException("request aborted"));
  }

  // ---- the driver's decision

  /** The exchange gets this response. */
  void deliver() {
    boolean ended;
    try {
      synchronized (this) {
        fate = Fate.DELIVERED;
        hop.exchange().responseReceived(head);
        ended = over;
        IOControl control = waiting;
        if (!ended && control != null) {
          control.requestInput();
          if (early.hasMore()) {
            hop.exchange().consumeContent(early, control);
          }
        }
      }
      if (ended) {
        finish();
      }
    } catch (Exception e) {
      abort();
      hop.deliverFailure(e);
    } catch (Error e) {
      abort();
      hop.deliverFailure(Outcome.refusal(e));
      throw e;
    }
  }

  /**
   * Nobody reads this response.
   *
   * @return completed when its connection was given back
   */
  CompletionStage<?> discard() {
    IOControl control;
    boolean ended;
    synchronized (this) {
      fate = Fate.DISCARDED;
      ended = over;
      control = waiting;
    }
    if (!ended && control != null) {
      control.requestInput();
    }
    return free;
  }

  /** The time of the attempt is over, or the application gave up. From any thread. */
  void abort() {
    aborted = true;
    Future<NHttpClientConnection> request = asked;
    if (request != null && !connected) {
      request.cancel(true);
    }
    NHttpClientConnection connection = letGo();
    if (connection != null) {
      hop.connection().connections().discard(connection);
    }
    free.complete(null);
    if (!sent.isDone()) {
      sent.completeExceptionally(new InterruptedIOException("request aborted"));
    }
  }

  private synchronized @Nullable NHttpClientConnection letGo() {
    NHttpClientConnection connection = held;
    held = null;
    if (connection != null) {
      connection.getContext().removeAttribute(HttpAsyncRequestExecutor.HTTP_HANDLER);
    }
    return connection;
  }

  // ---- what the connection tells

  @Override
  public @Nullable HttpRequest generateRequest() {
    NHttpClientConnection connection;
    synchronized (this) {
      connection = held;
    }
    if (connection != null) {
      // Not before: the reactor sets its own on connections that it has just made.
      connection.setSocketTimeout(hop.connection().getSocketTimeout());
    }
    return hop.request();
  }

  @Override
  public void produceContent(ContentEncoder encoder, IOControl control) throws IOException {
    hop.body().produce(encoder, control);
  }

  @Override
  public void requestCompleted() {
    hop.requestCompleted();
  }

  @Override
  public void responseReceived(HttpResponse response) {
    synchronized (this) {
      head = response;
    }
    if (!sent.complete(new AsyncAnswer(response, this))) {
      discard();
    }
  }

  @Override
  public synchronized void consumeContent(ContentDecoder decoder, IOControl control)
      throws IOException {
    if (fate == Fate.DELIVERED) {
      ContentDecoder content = early.before(decoder);
      hop.exchange().consumeContent(content, control);
      toldEnd = content.isCompleted();
      return;
    }
    if (early.keep(decoder) > LIMIT) {
      if (fate == Fate.DISCARDED) {
        throw new IOException("too much of a response that nobody reads");
      }
      control.suspendInput();
    }
    waiting = control;
  }

  @Override
  public void responseCompleted() {
    // Before anybody hears of the end: what the application sends next shall find it free.
    NHttpClientConnection connection = letGo();
    HttpResponse response = head;
    if (connection != null && response != null) {
      hop.connection().connections().giveBack(connection, response);
    }
    free.complete(null);
    Fate known;
    synchronized (this) {
      over = true;
      known = fate;
    }
    if (known == Fate.DELIVERED) {
      finish();
    }
  }

  private void finish() {
    HttpResponse response = head;
    boolean untold = !toldEnd && response != null && response.getEntity() != null;
    hop.onBehalf(() -> LocalContent.finish(hop.exchange(), early.rest(), untold));
  }

  @Override
  public void inputTerminated() {
    failed(new ConnectionClosedException("Connection closed"));
  }

  @Override
  public void failed(Exception cause) {
    NHttpClientConnection connection = letGo();
    Fate known;
    boolean ended;
    synchronized (this) {
      known = fate;
      ended = over;
      over = true;
    }
    if (connection != null) {
      hop.connection().connections().discard(connection);
    }
    free.complete(null);
    if (ended) {
      return;
    }
    if (known == Fate.DELIVERED) {
      hop.deliverFailure(cause);
    } else if (!sent.isDone()) {
      hop.failed(this, cause);
    }
  }

  @Override
  public void close() {
    failed(new ConnectionClosedException("Connection closed"));
  }

  @Override
  public synchronized boolean isDone() {
    return over;
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
