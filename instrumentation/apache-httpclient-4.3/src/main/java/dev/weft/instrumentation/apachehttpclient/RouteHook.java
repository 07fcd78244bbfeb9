package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Gives an attempt a route of its own. */
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
    return InstanceRoute.of(sending.attempt(), pool, (HttpRoute) requireNonNull(route));
  }
}
