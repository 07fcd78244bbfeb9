package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.Target;
import java.io.IOException;
import org.apache.http.ConnectionReuseStrategy;
import org.apache.http.conn.ConnectionKeepAliveStrategy;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Hands one hop of a deprecated client ({@code AbstractHttpClient} and its subclasses, all there
 * was before 4.3) to the driver, when {@link DirectorLeaseHook} found that it goes to the mesh.
 */
@SuppressWarnings("deprecation") // the deprecated clients are what this is for
public final class DirectorHook extends MeshHook {
  /** For the hook loader. */
  public DirectorHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object connection,
      @Nullable Object routed,
      @Nullable Object context,
      @Nullable Object more) {
    Lease lease = Lease.of(connection);
    if (lease == null) {
      return Permit.GRANTED;
    }
    HttpContext where = (HttpContext) requireNonNull(context);
    org.apache.http.impl.client.RoutedRequest hop =
        (org.apache.http.impl.client.RoutedRequest) requireNonNull(routed);
    HopRequest request = request(hop, where);
    Target target = context().dataPlane().blocking().resolve(request.scheme(), request.authority());
    if (target == null) {
      return Outcome.failed(
          new IOException(request.authority() + " left the service mesh meanwhile"));
    }
    Object[] rest = (Object[]) requireNonNull(more);
    Wire wire =
        new DirectorWire(
            lease,
            (HttpRequestExecutor) rest[0],
            (ConnectionReuseStrategy) rest[1],
            (ConnectionKeepAliveStrategy) rest[2],
            (org.apache.http.params.HttpParams) rest[3],
            hop.getRequest(),
            hop.getRequest().getOriginal(),
            where);
    return Hops.drive(context(), target, wire, request, where);
  }

  /** The service that a hop goes to, or null when the mesh does not know its host. */
  static @Nullable Target target(
      HookContext mesh, org.apache.http.impl.client.RoutedRequest hop, HttpContext context) {
    HopRequest request = request(hop, context);
    return mesh.dataPlane().blocking().resolve(request.scheme(), request.authority());
  }

  private static HopRequest request(
      org.apache.http.impl.client.RoutedRequest hop, HttpContext context) {
    org.apache.http.impl.client.RequestWrapper wrapper = hop.getRequest();
    return HopRequest.of(wrapper, wrapper.getOriginal(), hop.getRoute().getTargetHost(), context);
  }
}
