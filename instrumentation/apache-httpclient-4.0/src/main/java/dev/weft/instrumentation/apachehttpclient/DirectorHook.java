package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import org.apache.http.ConnectionReuseStrategy;
import org.apache.http.client.HttpRequestRetryHandler;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.conn.ConnectionKeepAliveStrategy;
import org.apache.http.params.HttpParams;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Puts the mesh between a request director and three of the parts it is made of: what leases its
 * connections, what sends its requests, and what retries. Changes the arguments of its constructor
 * in place.
 */
public final class DirectorHook extends MeshHook {
  /** Parts from the executor to the parameters; a constructor may have a log before them. */
  private static final int PARTS = 12;

  /** For the hook loader. */
  public DirectorHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object all, @Nullable Object b, @Nullable Object c) {
    Object[] parts = (Object[]) requireNonNull(all);
    int first = parts.length - PARTS;
    if (parts[first] == null || parts[first] instanceof DirectorExecutor) {
      // The constructor refuses null itself; or it was called by another one.
      return Permit.GRANTED;
    }
    ClientConnectionManager connections = (ClientConnectionManager) parts[first + 1];
    HttpParams params = (HttpParams) parts[parts.length - 1];
    DirectorExecutor executor =
        new DirectorExecutor(
            context(),
            (HttpRequestExecutor) parts[first],
            new DirectorWire.Settings(
                (ConnectionReuseStrategy) parts[first + 2],
                (ConnectionKeepAliveStrategy) parts[first + 3],
                params));
    parts[first] = executor;
    parts[first + 1] = connections == null ? null : new DirectorConnections(context(), connections);
    HttpRequestRetryHandler retries = (HttpRequestRetryHandler) parts[first + 6];
    parts[first + 6] = retries == null ? null : new DirectorRetries(executor, retries);
    return Permit.GRANTED;
  }
}
