package dev.weft.instrumentation.apachehttpclient;

import java.io.IOException;
import org.apache.http.HttpConnectionMetrics;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.HttpConnectionMetricsImpl;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.apache.http.nio.protocol.HttpAsyncRequestExecutor;
import org.apache.http.protocol.BasicHttpContext;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange holds as its connection while the mesh sends its hops: open until it is given
 * back, and asked for output once for each hop. The connections to instances are below. The
 * exchange asks from one thread at a time; it may be closed from any.
 */
final class HopConnection implements NHttpClientConnection {
  private final ExchangeConnections connections;
  private final HttpRoute route;
  private final long connectMillis;
  private final long leaseMillis;
  private final HttpContext context = new BasicHttpContext();
  private volatile int socketTimeout;
  private volatile boolean closed;
  private volatile @Nullable HopExchange hop;

  HopConnection(
      ExchangeConnections connections, HttpRoute route, long connectMillis, long leaseMillis) {
    this.connections = connections;
    this.route = route;
    this.connectMillis = connectMillis;
    this.leaseMillis = leaseMillis;
  }

  ExchangeConnections connections() {
    return connections;
  }

  /** The service's route. */
  HttpRoute route() {
    return route;
  }

  long connectMillis() {
    return connectMillis;
  }

  long leaseMillis() {
    return leaseMillis;
  }

  /** The exchange is ready to send a hop. */
  @Override
  public void requestOutput() {
    Object handler = context.getAttribute(HttpAsyncRequestExecutor.HTTP_HANDLER);
    if (!closed && handler instanceof HttpAsyncClientExchangeHandler) {
      HopExchange next =
          new HopExchange(connections.mesh, this, (HttpAsyncClientExchangeHandler) handler);
      hop = next;
      next.start();
    }
  }

  @Override
  public void close() {
    shutdown();
  }

  @Override
  public void shutdown() {
    closed = true;
    HopExchange current = hop;
    if (current != null) {
      current.cancel();
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  /** Asked after the request for output, too, when the hop may be over already. */
  @Override
  public boolean isStale() {
    return false;
  }

  @Override
  public void setSocketTimeout(int millis) {
    socketTimeout = millis;
  }

  @Override
  public int getSocketTimeout() {
    return socketTimeout;
  }

  @Override
  public HttpContext getContext() {
    return context;
  }

  @Override
  public int getStatus() {
    return closed ? CLOSED : ACTIVE;
  }

  @Override
  public @Nullable HttpRequest getHttpRequest() {
    return null;
  }

  @Override
  public @Nullable HttpResponse getHttpResponse() {
    return null;
  }

  @Override
  public HttpConnectionMetrics getMetrics() {
    return new HttpConnectionMetricsImpl(null, null);
  }

  /** Nothing can be sent on it past the mesh. */
  @Override
  public void submitRequest(HttpRequest request) throws IOException {
    throw new IOException("the service mesh has not connected this call");
  }

  @Override
  public boolean isRequestSubmitted() {
    return false;
  }

  @Override
  public void resetOutput() {}

  @Override
  public void resetInput() {}

  @Override
  public void requestInput() {}

  @Override
  public void suspendInput() {}

  @Override
  public void suspendOutput() {}
}
