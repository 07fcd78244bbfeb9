package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.protocol.HttpClientContext;

/** Where a connection is leased: the route, which is the pool's key, becomes the instance's. */
final class RouteAdvice {
  private RouteAdvice() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("manager") Object pool,
      @Advice.Argument(value = 1, readOnly = false) HttpRoute route,
      @Advice.Argument(3) HttpClientContext context)
      throws Throwable {
    try {
      route =
          (HttpRoute)
              Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient5.RouteHook")
                  .exit(context, pool, route, null);
    } catch (Throwable t) {
      throw Outcome.refusal(t);
    }
  }
}
