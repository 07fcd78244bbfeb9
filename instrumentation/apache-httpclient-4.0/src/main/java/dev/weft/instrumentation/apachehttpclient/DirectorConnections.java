package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.HookContext;
import java.util.concurrent.TimeUnit;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.conn.ClientConnectionRequest;
import org.apache.http.conn.ManagedClientConnection;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.conn.scheme.SchemeRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The client's own connections, as its director sees them: for a host of the mesh it gets a {@link
 * Lease}, and nothing is leased or connected before an instance is chosen.
 */
final class DirectorConnections implements ClientConnectionManager {
  private final HookContext mesh;
  private final ClientConnectionManager own;

  DirectorConnections(HookContext mesh, ClientConnectionManager own) {
    this.mesh = mesh;
    this.own = own;
  }

  @Override
  public ClientConnectionRequest requestConnection(HttpRoute route, @Nullable Object state) {
    if (!HopRequest.isOfMesh(mesh, route)) {
      return own.requestConnection(route, state);
    }
    return new ClientConnectionRequest() {
      @Override
      public ManagedClientConnection getConnection(long wait, TimeUnit unit) {
        return Lease.connection(own, route, state, unit.toMillis(wait));
      }

      @Override
      public void abortRequest() {
        // Nothing waits yet; the request remembers that it was aborted.
      }
    };
  }

  @Override
  public SchemeRegistry getSchemeRegistry() {
    return own.getSchemeRegistry();
  }

  @Override
  public void releaseConnection(ManagedClientConnection connection, long kept, TimeUnit unit) {
    Lease lease = Lease.of(connection);
    if (lease == null) {
      own.releaseConnection(connection, kept, unit);
    } else {
      lease.release();
    }
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
  public void shutdown() {
    own.shutdown();
  }
}
