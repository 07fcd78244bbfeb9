package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.AsyncDriver;
import dev.weft.dataplane.outbound.Target;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Hands one hop to the driver, unless the mesh does not know its host. */
public final class ExchangeHook extends MeshHook {
  private final Internals internals;

  /** For the hook loader. */
  public ExchangeHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.internals = new Internals();
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object exchange, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    if (exchange == null) {
      return null;
    }
    Object request = internals.request(exchange);
    URI uri = ((HttpRequest) request).uri();
    if (uri == null || uri.getHost() == null || uri.getScheme() == null) {
      return Permit.GRANTED;
    }
    String authority = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    AsyncDriver driver = context().dataPlane().async();
    Target target = driver.resolve(uri.getScheme().toLowerCase(Locale.ROOT), authority);
    if (target == null) {
      return Permit.GRANTED;
    }
    return Outcome.returned(HopCall.start(context(), internals, exchange, driver, target));
  }
}
