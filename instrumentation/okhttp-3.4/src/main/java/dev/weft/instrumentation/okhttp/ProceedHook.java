package dev.weft.instrumentation.okhttp;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.BlockingDriver;
import dev.weft.dataplane.outbound.Target;
import java.net.ProtocolException;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Hands a hop to the driver where the library would look for a connection, and sends an attempt's
 * own request when the library comes by again on the driver's behalf.
 */
public final class ProceedHook extends MeshHook {
  private static final int PROXY_AUTHENTICATION = 407;

  private final Internals internals;

  /** For the hook loader. */
  public ProceedHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.internals = new Internals();
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self,
      @Nullable Object all,
      @Nullable Object interceptors,
      @Nullable Object index)
      throws Throwable {
    Interceptor.Chain chain = (Interceptor.Chain) requireNonNull(self);
    Object[] arguments = (Object[]) requireNonNull(all);
    List<?> steps = (List<?>) requireNonNull(interceptors);
    int at = (Integer) requireNonNull(index);
    Sending sending = Sending.current();
    if (sending != null) {
      if (sending.isAt(chain)) {
        return sending.begun() ? Permit.GRANTED : resume(sending, chain, arguments);
      }
      if (sending.connects(steps, at)) {
        sending.connect(internals.connection(chain, arguments));
        return Permit.GRANTED;
      }
    }
    return at < steps.size() && internals.isConnecting(steps.get(at))
        ? drive(chain, (Request) arguments[0], steps, at)
        : Permit.GRANTED;
  }

  /** The library's second coming, at the same step, with the arguments that it prepared. */
  private Outcome resume(Sending sending, Interceptor.Chain chain, Object[] arguments) {
    try {
      sending.begin();
      arguments[0] = sending.request();
      Response response = internals.proceed(chain, arguments);
      sending.answered(response);
      return Outcome.returned(response);
    } catch (Throwable t) {
      return Outcome.failed(t);
    }
  }

  private @Nullable Object drive(Interceptor.Chain chain, Request request, List<?> steps, int at) {
    HttpUrl url = request.url();
    BlockingDriver driver = context().dataPlane().blocking();
    Target target = driver.resolve(url.scheme(), HopRequest.authorityOf(url));
    if (target == null) {
      return Permit.GRANTED;
    }
    HopRequest hop = HopRequest.of(request, internals);
    HopCall call = new HopCall(hop, chain, steps, at, internals, context().dataPlane().transport());
    try {
      Response response = driver.execute(target, hop, call);
      if (response.code() == PROXY_AUTHENTICATION) {
        // What the library says itself where it knows the connection.
        response.close();
        throw new ProtocolException("Received HTTP_PROXY_AUTH (407) code while not using proxy");
      }
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
