package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import org.apache.http.ConnectionReuseStrategy;
import org.apache.http.HttpException;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.conn.ConnectionKeepAliveStrategy;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Sends in the place of {@code DefaultRequestDirector.tryExecute}: the connection of each attempt
 * is leased from the client's own manager, under a route of the instance's own.
 */
@SuppressWarnings("deprecation") // the deprecated clients are what this is for
final class DirectorWire implements Wire {
  private final Lease lease;
  private final org.apache.http.conn.ClientConnectionManager manager;
  private final HttpRequestExecutor executor;
  private final ConnectionReuseStrategy reuse;
  private final ConnectionKeepAliveStrategy keepAlive;
  private final org.apache.http.params.HttpParams params;
  private final HttpRequest request;
  private final HttpRequest original;
  private final HttpRoute service;
  private final HttpContext context;
  private volatile org.apache.http.conn.@Nullable ManagedClientConnection busy;

  DirectorWire(
      Lease lease,
      HttpRequestExecutor executor,
      ConnectionReuseStrategy reuse,
      ConnectionKeepAliveStrategy keepAlive,
      org.apache.http.params.HttpParams params,
      HttpRequest request,
      HttpRequest original,
      HttpContext context) {
    this.lease = lease;
    this.manager = lease.manager();
    this.executor = executor;
    this.reuse = reuse;
    this.keepAlive = keepAlive;
    this.params = params;
    this.request = request;
    this.original = original;
    this.service = lease.route();
    this.context = context;
  }

  @Override
  public HttpResponse send(Attempt attempt) throws IOException, HttpException {
    lease.release();
    org.apache.http.conn.ManagedClientConnection connection = connection(attempt);
    busy = connection;
    boolean done = false;
    try {
      HttpResponse response = executor.execute(request, connection, context);
      lease.hold(connection);
      done = true;
      return response;
    } finally {
      busy = null;
      if (!done) {
        connection.abortConnection();
      }
    }
  }

  private org.apache.http.conn.ManagedClientConnection connection(Attempt attempt)
      throws IOException {
    HttpRoute instance = new HttpRoute(new HttpHost(attempt.poolKey(), attempt.port(), "http"));
    RouteHook.inheritLimit(manager, service, instance);
    org.apache.http.conn.ClientConnectionRequest asked = manager.requestConnection(instance, null);
    abortable(asked, null);
    org.apache.http.conn.ManagedClientConnection connection;
    try {
      connection =
          asked.getConnection(
              org.apache.http.client.params.HttpClientParams.getConnectionManagerTimeout(params),
              TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    boolean ready = false;
    try {
      abortable(null, connection);
      open(connection, instance);
      ready = true;
      return connection;
    } finally {
      if (!ready) {
        connection.abortConnection();
      }
    }
  }

  private void open(org.apache.http.conn.ManagedClientConnection connection, HttpRoute instance)
      throws IOException {
    if (connection.isOpen()
        && org.apache.http.params.HttpConnectionParams.isStaleCheckingEnabled(params)
        && connection.isStale()) {
      connection.close();
    }
    if (connection.isOpen()) {
      connection.setSocketTimeout(org.apache.http.params.HttpConnectionParams.getSoTimeout(params));
    } else {
      connection.open(instance, context, params);
    }
  }

  /** Lets the application's abort reach what the attempt waits for. */
  private void abortable(
      org.apache.http.conn.@Nullable ClientConnectionRequest asked,
      org.apache.http.conn.@Nullable ManagedClientConnection connection)
      throws IOException {
    if (!(original instanceof org.apache.http.client.methods.AbortableHttpRequest)) {
      return;
    }
    org.apache.http.client.methods.AbortableHttpRequest abortable =
        (org.apache.http.client.methods.AbortableHttpRequest) original;
    if (asked != null) {
      abortable.setConnectionRequest(asked);
    } else if (connection != null) {
      abortable.setReleaseTrigger(connection);
    }
  }

  @Override
  public void close(HttpResponse response, boolean drained) {
    if (drained && reuse.keepAlive(response, context)) {
      lease.releaseReusable(keepAlive.getKeepAliveDuration(response, context));
      return;
    }
    try {
      lease.abort();
    } catch (IOException e) {
      // It was to be thrown away.
    }
  }

  @Override
  public void abort() {
    org.apache.http.conn.ManagedClientConnection running = busy;
    try {
      if (running != null) {
        running.shutdown();
      } else {
        lease.shutdown();
      }
    } catch (IOException e) {
      // It is being thrown away.
    }
  }

  @Override
  public boolean isAborted() {
    return original instanceof HttpUriRequest && ((HttpUriRequest) original).isAborted();
  }
}
