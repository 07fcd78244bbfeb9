package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.Target;
import java.lang.reflect.Field;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.execchain.ClientExecChain;
import org.apache.http.impl.execchain.RetryExec;
import org.jspecify.annotations.Nullable;

/** Hands one hop of a call to the driver, unless the mesh does not know its host. */
public final class ExecuteHook extends MeshHook {
  private static final Field BELOW_RETRIES = belowRetries();

  /** For the hook loader. */
  public ExecuteHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object route, @Nullable Object request, @Nullable Object all)
      throws Throwable {
    HttpRoute to = (HttpRoute) requireNonNull(route);
    Object[] arguments = (Object[]) requireNonNull(all);
    HttpClientContext context = (HttpClientContext) arguments[2];
    if (Sending.in(context) != null) {
      return Permit.GRANTED;
    }
    HttpRequestWrapper wrapper = (HttpRequestWrapper) requireNonNull(request);
    HopBody body = HopBody.of(wrapper, context);
    HopRequest hop = HopRequest.of(wrapper, wrapper.getOriginal(), to.getTargetHost(), body);
    Target target = context().dataPlane().blocking().resolve(hop.scheme(), hop.authority());
    if (target == null) {
      return Permit.GRANTED;
    }
    HttpExecutionAware aware = (HttpExecutionAware) arguments[3];
    Wire wire = new ChainWire(below(requireNonNull(self)), wrapper, hop, context, to, aware);
    return Hops.drive(context(), target, wire, hop, body, context);
  }

  /** The mesh retries in place of the library, so its hops go on with what stands below that. */
  private static ClientExecChain below(Object self) throws IllegalAccessException {
    return (ClientExecChain) (self instanceof RetryExec ? BELOW_RETRIES.get(self) : self);
  }

  private static Field belowRetries() {
    try {
      Field field = RetryExec.class.getDeclaredField("requestExecutor");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("not the RetryExec that is known", e);
    }
  }
}
