package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import java.net.URI;
import org.apache.http.ConnectionReuseStrategy;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.conn.ConnectionKeepAliveStrategy;
import org.apache.http.conn.ManagedClientConnection;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.client.RequestWrapper;
import org.apache.http.params.HttpConnectionParams;
import org.apache.http.params.HttpParams;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;

/**
 * Sends in the place of {@code DefaultRequestDirector}: the connection of each attempt is leased
 * from the client's own pool, under a route of the instance's own.
 */
final class DirectorWire implements Wire {
  private final Lease lease;
  private final HttpRequestExecutor executor;
  private final Settings settings;
  private final HopRequest hop;
  private final HttpContext context;

  /** What the client is configured for. */
  static final class Settings {
    private final ConnectionReuseStrategy reuse;
    private final ConnectionKeepAliveStrategy keepAlive;
    private final HttpParams params;

    Settings(
        ConnectionReuseStrategy reuse, ConnectionKeepAliveStrategy keepAlive, HttpParams params) {
      this.reuse = reuse;
      this.keepAlive = keepAlive;
      this.params = params;
    }
  }

  DirectorWire(
      Lease lease,
      HttpRequestExecutor executor,
      Settings settings,
      HopRequest hop,
      HttpContext context) {
    this.lease = lease;
    this.executor = executor;
    this.settings = settings;
    this.hop = hop;
    this.context = context;
  }

  @Override
  public HttpResponse send(Attempt attempt) throws IOException, HttpException {
    lease.release();
    HttpRoute instance = lease.routeTo(attempt);
    boolean done = false;
    try {
      ManagedClientConnection connection = lease.take(instance, attempt);
      open(connection, instance);
      HttpResponse response = execute(connection);
      if (attempt.lastOnConnection()) {
        // The director asks the response alone whether the connection is to be kept.
        response.setHeader("Connection", "close");
      }
      done = true;
      return response;
    } finally {
      if (!done) {
        lease.discard();
      }
    }
  }

  private HttpResponse execute(ManagedClientConnection connection)
      throws IOException, HttpException {
    HttpRequest request = hop.request();
    URI other = hop.rewritten();
    if (other == null) {
      return executor.execute(request, connection, context);
    }
    if (!(request instanceof RequestWrapper)) {
      throw new IOException("the rewrite of the route cannot be carried out by this client");
    }
    RequestWrapper wrapper = (RequestWrapper) request;
    URI own = wrapper.getURI();
    wrapper.setURI(other);
    try {
      return executor.execute(request, connection, context);
    } finally {
      // A redirect is relative to what the application called.
      wrapper.setURI(own);
    }
  }

  private void open(ManagedClientConnection connection, HttpRoute instance) throws IOException {
    HttpParams params = settings.params;
    if (connection.isOpen()
        && HttpConnectionParams.isStaleCheckingEnabled(params)
        && connection.isStale()) {
      connection.close();
    }
    if (connection.isOpen()) {
      connection.setSocketTimeout(HttpConnectionParams.getSoTimeout(params));
    } else {
      connection.open(instance, context, params);
    }
  }

  @Override
  public HttpResponse reply(LocalReply reply) {
    return new LocalResponse(reply);
  }

  @Override
  public void close(HttpResponse response, boolean drained) {
    if (drained && settings.reuse.keepAlive(response, context)) {
      lease.releaseReusable(settings.keepAlive.getKeepAliveDuration(response, context));
    } else {
      lease.discard();
    }
  }

  @Override
  public void abort() {
    lease.cut();
  }

  @Override
  public long waitMillis() {
    return Math.max(0, lease.waitMillis());
  }

  @Override
  public boolean isAborted() {
    return lease.isAborted();
  }

  @Override
  public boolean isAborted(Throwable failure) {
    return lease.isAborted();
  }
}
