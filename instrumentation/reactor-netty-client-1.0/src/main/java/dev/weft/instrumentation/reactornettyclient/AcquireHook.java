package dev.weft.instrumentation.reactornettyclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.AsyncDriver;
import dev.weft.dataplane.outbound.Caller;
import dev.weft.dataplane.outbound.ComingHeaders;
import dev.weft.dataplane.outbound.Target;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.netty.ConnectionObserver;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.context.ContextView;

/** Hands one hop to the driver, unless the mesh does not know its host. */
public final class AcquireHook extends MeshHook {
  private final Internals internals;

  /** For the hook loader. */
  public AcquireHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.internals = new Internals();
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object all, @Nullable Object b, @Nullable Object c) {
    Object[] arguments = (Object[]) requireNonNull(all);
    if (!internals.isHop(arguments[2])) {
      return Permit.GRANTED; // an attempt, or what is no call
    }
    HopRequest request = internals.request(arguments[2]);
    if (request == null) {
      return Permit.GRANTED;
    }
    AsyncDriver driver = context().dataPlane().async();
    Target target = driver.resolve(request.scheme(), request.authority());
    ContextView context = ((ConnectionObserver) arguments[1]).currentContext();
    Caller caller = Callers.of(arguments[2], context);
    if (target == null) {
      return Permit.GRANTED;
    }
    Object coming = context.getOrDefault(ComingHeaders.KEY, null);
    Map<String, List<String>> headers =
        coming instanceof ComingHeaders ? ((ComingHeaders) coming).of(arguments[2]) : null;
    if (headers != null) {
      request.expect(headers);
    }
    ConnectionProvider provider = (ConnectionProvider) requireNonNull(self);
    return Outcome.returned(
        new Hop(
            context(),
            internals,
            request,
            target,
            new Wire(provider, internals, arguments),
            caller));
  }
}
