package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Attempt;
import org.apache.http.HttpHost;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Gives an attempt a route of its own: a host name made of its pool key, so that connections are
 * shared between attempts alike and never between instances, plaintext and mTLS, or trust
 * generations. Nobody resolves that name: {@link ConnectHook} connects.
 */
public final class RouteHook extends MeshHook {
  /** For the hook loader. */
  public RouteHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object context,
      @Nullable Object pool,
      @Nullable Object route,
      @Nullable Throwable thrown) {
    Sending sending = Sending.in((HttpContext) requireNonNull(context));
    if (sending == null) {
      return route;
    }
    Attempt attempt = sending.attempt();
    HttpRoute instance = new HttpRoute(new HttpHost(attempt.poolKey(), attempt.port(), "http"));
    RouteLimits.inherit(pool, (HttpRoute) requireNonNull(route), instance);
    return instance;
  }
}
