package dev.weft.instrumentation.apachehttpclient5;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.lang.reflect.Method;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Hands a call of a minimal client to the driver, unless the mesh does not know its host. */
public final class MinimalHook extends MeshHook {
  private final Method adapt;

  /** For the hook loader. */
  public MinimalHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.adapt = CloseableHttpResponse.class.getDeclaredMethod("adapt", ClassicHttpResponse.class);
    adapt.setAccessible(true);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self,
      @Nullable Object target,
      @Nullable Object request,
      @Nullable Object context)
      throws Throwable {
    if (target == null || request == null || Sending.in((HttpContext) context) != null) {
      return Permit.GRANTED;
    }
    CloseableHttpClient client = (CloseableHttpClient) requireNonNull(self);
    HttpHost host = (HttpHost) target;
    HttpClientContext within =
        context == null
            ? HttpClientContext.create()
            : HttpClientContext.adapt((HttpContext) context);
    Object outcome =
        Hops.drive(
            context(),
            host,
            (ClassicHttpRequest) request,
            within,
            request instanceof CancellableDependency ? (CancellableDependency) request : null,
            (message, original, abortable) -> client.execute(host, message, within));
    Object response = Outcome.value(outcome);
    return response == null ? outcome : Outcome.returned(adapt.invoke(null, response));
  }
}
