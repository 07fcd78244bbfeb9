package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.HookContext;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.http.ConnectionReuseStrategy;
import org.apache.http.HttpResponse;
import org.apache.http.concurrent.BasicFuture;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.conn.ConnectionKeepAliveStrategy;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.conn.NHttpClientConnectionManager;
import org.apache.http.nio.reactor.IOEventDispatch;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * The client's own connections, as one exchange sees them: for a host of the mesh it gets a {@link
 * HopConnection}, and nothing is leased or connected before an instance is chosen.
 */
final class ExchangeConnections implements NHttpClientConnectionManager {
  final HookContext mesh;
  final NHttpClientConnectionManager own;
  final HttpContext context;
  private final ConnectionReuseStrategy reuse;
  private final ConnectionKeepAliveStrategy keepAlive;

  ExchangeConnections(
      HookContext mesh,
      NHttpClientConnectionManager own,
      HttpContext context,
      ConnectionReuseStrategy reuse,
      ConnectionKeepAliveStrategy keepAlive) {
    this.mesh = mesh;
    this.own = own;
    this.context = context;
    this.reuse = reuse;
    this.keepAlive = keepAlive;
  }

  @Override
  public Future<NHttpClientConnection> requestConnection(
      HttpRoute route,
      @Nullable Object state,
      long connectTimeout,
      long leaseTimeout,
      TimeUnit unit,
      FutureCallback<NHttpClientConnection> callback) {
    if (!HopRequest.isOfMesh(mesh, route)) {
      return own.requestConnection(route, state, connectTimeout, leaseTimeout, unit, callback);
    }
    BasicFuture<NHttpClientConnection> future = new BasicFuture<>(callback);
    future.completed(
        new HopConnection(this, route, unit.toMillis(connectTimeout), unit.toMillis(leaseTimeout)));
    return future;
  }

  /** Gives a connection to an instance back: to be used again as the client is configured. */
  void giveBack(NHttpClientConnection connection, HttpResponse response) {
    if (connection.isOpen() && reuse.keepAlive(response, context)) {
      long kept = keepAlive.getKeepAliveDuration(response, context);
      own.releaseConnection(connection, null, kept, TimeUnit.MILLISECONDS);
    } else {
      discard(connection);
    }
  }

  /** Gives a connection to an instance back to be closed. */
  void discard(NHttpClientConnection connection) {
    try {
      connection.shutdown();
    } catch (IOException e) {
      // It was to be thrown away.
    } finally {
      own.releaseConnection(connection, null, 0, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void releaseConnection(
      NHttpClientConnection connection, @Nullable Object state, long kept, TimeUnit unit) {
    if (connection instanceof HopConnection) {
      ((HopConnection) connection).shutdown();
    } else {
      own.releaseConnection(connection, state, kept, unit);
    }
  }

  @Override
  public void startRoute(NHttpClientConnection connection, HttpRoute route, HttpContext where)
      throws IOException {
    own.startRoute(connection, route, where);
  }

  @Override
  public void upgrade(NHttpClientConnection connection, HttpRoute route, HttpContext where)
      throws IOException {
    own.upgrade(connection, route, where);
  }

  @Override
  public void routeComplete(NHttpClientConnection connection, HttpRoute route, HttpContext where) {
    own.routeComplete(connection, route, where);
  }

  @Override
  public boolean isRouteComplete(NHttpClientConnection connection) {
    return connection instanceof HopConnection || own.isRouteComplete(connection);
  }

  @Override
  public void closeIdleConnections(long idle, TimeUnit unit) {
    own.closeIdleConnections(idle, unit);
  }

  @Override
  public void closeExpiredConnections() {
    own.closeExpiredConnections();
  }

  @Override
  public void execute(IOEventDispatch dispatch) throws IOException {
    own.execute(dispatch);
  }

  @Override
  public void shutdown() throws IOException {
    own.shutdown();
  }
}
