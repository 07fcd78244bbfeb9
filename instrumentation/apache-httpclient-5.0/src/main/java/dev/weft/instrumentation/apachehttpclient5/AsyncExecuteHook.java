package dev.weft.instrumentation.apachehttpclient5;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.AsyncDriver;
import dev.weft.dataplane.outbound.Target;
import java.io.IOException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.client5.http.impl.async.AsyncHttpRequestRetryExec;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/** Hands one hop of an asynchronous chain to the driver, unless the mesh does not know its host. */
public final class AsyncExecuteHook extends MeshHook {
  private static final String RUNTIME = "InternalHttpAsyncExecRuntime";

  /** For the hook loader. */
  public AsyncExecuteHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object all, @Nullable Object b, @Nullable Object c) {
    Object[] arguments = (Object[]) requireNonNull(all);
    AsyncExecChain.Scope scope = (AsyncExecChain.Scope) arguments[2];
    if (Sending.in(scope.clientContext) != null) {
      return Permit.GRANTED;
    }
    HttpHost host = scope.route.getTargetHost();
    AsyncDriver driver = context().dataPlane().async();
    Target target = driver.resolve(HopRequest.schemeOf(host), HopRequest.authorityOf(host));
    if (target == null) {
      return Permit.GRANTED;
    }
    if (!scope.execRuntime.getClass().getSimpleName().equals(RUNTIME)) {
      return Outcome.failed(
          new IOException(
              "call to "
                  + HopRequest.authorityOf(host)
                  + " refused by the service mesh: this client speaks HTTP/2 alone, over"
                  + " connections that the mesh does not make"));
    }
    // Past a proxy that the planner may have chosen: instances are called directly.
    HttpRoute direct = scope.route.getHopCount() > 1 ? new HttpRoute(host) : scope.route;
    AsyncExecChainHandler handler = (AsyncExecChainHandler) requireNonNull(self);
    AsyncExecChain below = (AsyncExecChain) arguments[3];
    AsyncWire wire =
        (message, hop, runtime, reception) -> {
          AsyncExecChain.Scope once =
              new AsyncExecChain.Scope(
                  scope.exchangeId, direct, hop.message(), hop.abortable(), hop.context(), runtime);
          if (handler instanceof AsyncHttpRequestRetryExec) {
            below.proceed(message, hop.body(), once, reception);
          } else {
            handler.execute(message, hop.body(), once, below, reception);
          }
        };
    new AsyncHopCall(
            context(),
            scope,
            (HttpRequest) arguments[0],
            (AsyncEntityProducer) arguments[1],
            (AsyncExecCallback) arguments[4],
            wire)
        .start(driver, target);
    return Outcome.returned(null);
  }
}
