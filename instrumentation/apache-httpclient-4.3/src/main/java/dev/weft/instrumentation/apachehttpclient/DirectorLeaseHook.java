package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.io.IOException;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Puts a {@link Lease} in the place of the connection that a director got for a mesh host. */
@SuppressWarnings("deprecation") // the deprecated clients are what this is for
public final class DirectorLeaseHook extends MeshHook {
  /** For the hook loader. */
  public DirectorLeaseHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object manager,
      @Nullable Object connection,
      @Nullable Object routed,
      @Nullable Object context)
      throws IOException {
    org.apache.http.impl.client.RoutedRequest hop =
        (org.apache.http.impl.client.RoutedRequest) requireNonNull(routed);
    org.apache.http.conn.ManagedClientConnection held =
        (org.apache.http.conn.ManagedClientConnection) requireNonNull(connection);
    Lease before = Lease.of(held);
    if (DirectorHook.target(context(), hop, (HttpContext) requireNonNull(context)) == null) {
      if (before != null) {
        return Outcome.failed(
            new IOException(hop.getRoute().getTargetHost() + " left the service mesh meanwhile"));
      }
      return Permit.GRANTED;
    }
    if (before == null) {
      // It may be open, from before the host belonged to the mesh.
      held.close();
      held.releaseConnection();
    } else {
      before.release();
    }
    return Lease.connection(
        (org.apache.http.conn.ClientConnectionManager) requireNonNull(manager), hop.getRoute());
  }
}
