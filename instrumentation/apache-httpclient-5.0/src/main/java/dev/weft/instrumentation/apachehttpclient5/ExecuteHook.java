package dev.weft.instrumentation.apachehttpclient5;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import java.lang.reflect.Field;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.classic.HttpRequestRetryExec;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Hands one hop of an execution chain to the driver, unless the mesh does not know its host. Where
 * it stands in the chain the mesh retries in place of the library.
 */
public final class ExecuteHook extends MeshHook {
  private final Field abort;

  /** For the hook loader. */
  public ExecuteHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.abort =
        Class.forName(
                "org.apache.hc.client5.http.impl.classic.InternalExecRuntime",
                false,
                ExecChain.class.getClassLoader())
            .getDeclaredField("cancellableDependency");
    abort.setAccessible(true);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self,
      @Nullable Object request,
      @Nullable Object scope,
      @Nullable Object chain)
      throws Throwable {
    ExecChain.Scope hop = (ExecChain.Scope) requireNonNull(scope);
    if (Sending.in(hop.clientContext) != null) {
      return Permit.GRANTED;
    }
    // Past a proxy that the planner may have chosen: instances are called directly.
    HttpRoute direct =
        hop.route.getHopCount() > 1 ? new HttpRoute(hop.route.getTargetHost()) : hop.route;
    ExecChainHandler handler = (ExecChainHandler) requireNonNull(self);
    ExecChain below = (ExecChain) requireNonNull(chain);
    Wire wire =
        (message, original, abortable) -> {
          ExecRuntime runtime = hop.execRuntime.fork(abortable);
          ExecChain.Scope once =
              new ExecChain.Scope(hop.exchangeId, direct, original, runtime, hop.clientContext);
          return handler instanceof HttpRequestRetryExec
              ? below.proceed(message, once)
              : handler.execute(message, once, below);
        };
    return Hops.drive(
        context(),
        direct.getTargetHost(),
        (ClassicHttpRequest) requireNonNull(request),
        hop.clientContext,
        abortOf(hop),
        wire);
  }

  /** After a redirect only the runtime knows the request that the application can abort. */
  private @Nullable CancellableDependency abortOf(ExecChain.Scope hop)
      throws IllegalAccessException {
    Object found =
        abort.getDeclaringClass().isInstance(hop.execRuntime)
            ? abort.get(hop.execRuntime)
            : hop.originalRequest;
    return found instanceof CancellableDependency ? (CancellableDependency) found : null;
  }
}
