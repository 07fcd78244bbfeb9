package dev.weft.instrumentation.apachehttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;

/** Where a connection is leased: the route, which is the pool's key, becomes the instance's. */
final class RouteAdvice {
  private RouteAdvice() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("connManager") Object pool,
      @Advice.Argument(value = 0, readOnly = false) HttpRoute route,
      @Advice.Argument(2) HttpClientContext context)
      throws Throwable {
    try {
      route =
          (HttpRoute)
              Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient.RouteHook")
                  .exit(context, pool, route, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
