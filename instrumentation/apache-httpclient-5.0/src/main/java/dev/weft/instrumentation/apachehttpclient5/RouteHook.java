package dev.weft.instrumentation.apachehttpclient5;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.InstanceNames;
import java.io.IOException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.jspecify.annotations.Nullable;

/**
 * Gives an attempt a route of its own: a host name made of its pool key, so that connections are
 * shared between attempts alike and never between instances, plaintext and mTLS, or trust
 * generations. Nobody resolves that name: {@link ConnectHook} connects.
 */
public final class RouteHook extends MeshHook {
  /** What an instance is called, for operators that see no more than a host to connect to. */
  static final InstanceNames NAMES = new InstanceNames();

  /** One of which a chain of the application must have kept. */
  private static final String ELEMENTS =
      "the element RETRY or PROTOCOL of the library in the client's execution chain";

  /** For the hook loader. */
  public RouteHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object context,
      @Nullable Object pool,
      @Nullable Object route,
      @Nullable Throwable thrown)
      throws IOException {
    HttpRoute service = (HttpRoute) requireNonNull(route);
    Sending sending = Sending.in((HttpContext) context);
    if (sending == null) {
      IOException refusal = Unsent.refusal(context(), service.getTargetHost(), ELEMENTS);
      if (refusal != null) {
        throw refusal;
      }
      return route;
    }
    Attempt attempt = sending.attempt();
    if (pool instanceof AsyncClientConnectionManager) {
      NAMES.name(attempt);
    }
    HttpHost host = new HttpHost("http", attempt.poolKey(), attempt.port());
    HttpRoute instance = new HttpRoute(host, service.getLocalAddress(), false);
    if (pool instanceof ConnPoolControl) {
      inheritLimit(pool, service, instance);
    }
    return instance;
  }

  /** A limit that the application set for the service's route holds for each instance. */
  private static void inheritLimit(Object pool, HttpRoute service, HttpRoute instance) {
    @SuppressWarnings("unchecked")
    ConnPoolControl<HttpRoute> control = (ConnPoolControl<HttpRoute>) pool;
    int limit = control.getMaxPerRoute(service);
    if (limit != control.getDefaultMaxPerRoute() && control.getMaxPerRoute(instance) != limit) {
      control.setMaxPerRoute(instance, limit);
    }
  }
}
