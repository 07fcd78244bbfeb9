package dev.weft.instrumentation.apachehttpclient5;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.nio.ManagedAsyncClientConnection;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Has the operator connect an attempt to its instance, and secures the connection before anybody
 * uses it. Changes the arguments in place: the host, the timeout and, last, the callback.
 */
public final class AsyncConnectHook extends MeshHook {
  /** For the hook loader. */
  public AsyncConnectHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object all, @Nullable Object b, @Nullable Object c) {
    Object[] arguments = (Object[]) requireNonNull(all);
    int last = arguments.length - 1;
    if (arguments[last] instanceof SecuringCallback) {
      return Permit.GRANTED;
    }
    HttpHost host = (HttpHost) arguments[1];
    Attempt attempt = RouteHook.NAMES.named(host.getHostName());
    if (attempt == null) {
      return Unsent.connection(context(), host, "an execution chain");
    }
    InetAddress address = new InetSocketAddress(attempt.address(), attempt.port()).getAddress();
    if (address == null) {
      return Outcome.failed(new UnknownHostException(attempt.address()));
    }
    String[] versions;
    try {
      versions = HttpVersions.offered(arguments, attempt);
    } catch (IOException e) {
      return Outcome.failed(e);
    }
    arguments[1] = new HttpHost("http", address, host.getHostName(), attempt.port());
    for (int i = 2; i < last; i++) {
      if (arguments[i] instanceof Timeout) {
        arguments[i] = shorter((Timeout) arguments[i], attempt.connectTimeoutMillis());
      }
    }
    @SuppressWarnings("unchecked")
    FutureCallback<ManagedAsyncClientConnection> callback =
        (FutureCallback<ManagedAsyncClientConnection>) arguments[last];
    arguments[last] =
        new SecuringCallback(callback, context().dataPlane().transport(), attempt, versions);
    return Permit.GRANTED;
  }

  private static Timeout shorter(Timeout own, long allowed) {
    boolean longer = own.isDisabled() || own.toMilliseconds() > allowed;
    return allowed > 0 && longer ? Timeout.ofMilliseconds(allowed) : own;
  }
}
