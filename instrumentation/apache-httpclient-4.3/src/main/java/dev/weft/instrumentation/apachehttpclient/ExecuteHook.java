package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.BlockingDriver;
import dev.weft.dataplane.outbound.Target;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.execchain.ClientExecChain;
import org.jspecify.annotations.Nullable;

/** Hands one hop of a call to the driver, unless the mesh does not know its host. */
public final class ExecuteHook extends MeshHook {
  /** For the hook loader. */
  public ExecuteHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object below,
      @Nullable Object route,
      @Nullable Object request,
      @Nullable Object more)
      throws Throwable {
    HttpRoute to = (HttpRoute) requireNonNull(route);
    Object[] rest = (Object[]) requireNonNull(more);
    HttpClientContext context = (HttpClientContext) rest[0];
    if (Sending.in(context) != null) {
      return Permit.GRANTED;
    }
    HopRequest hop =
        HopRequest.of((HttpRequestWrapper) requireNonNull(request), to.getTargetHost(), context);
    BlockingDriver driver = context().dataPlane().blocking();
    Target target = driver.resolve(hop.scheme(), hop.authority());
    if (target == null) {
      return Permit.GRANTED;
    }
    HopCall call =
        new HopCall(
            (ClientExecChain) requireNonNull(below),
            hop,
            context,
            (HttpExecutionAware) rest[1],
            to);
    try {
      CloseableHttpResponse response = driver.execute(target, hop, call);
      return Outcome.returned(response);
    } catch (Throwable t) {
      if (call.isNative(t)) {
        return Outcome.failed(t);
      }
      context().failed("call to " + hop.authority(), t);
      return null;
    }
  }
}
