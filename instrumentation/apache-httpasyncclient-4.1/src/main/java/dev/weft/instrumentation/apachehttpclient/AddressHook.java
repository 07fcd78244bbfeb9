package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.InstanceNames;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.apache.http.conn.routing.HttpRoute;
import org.jspecify.annotations.Nullable;

/** Tells the pool the address of an instance, whose host name is its pool key. */
public final class AddressHook extends MeshHook {
  /** What an instance is called, for a pool that sees no more than a route to connect to. */
  static final InstanceNames NAMES = new InstanceNames();

  /** For the hook loader. */
  public AddressHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object route, @Nullable Object b, @Nullable Object c) {
    HttpRoute to = (HttpRoute) requireNonNull(route);
    Attempt attempt = NAMES.named(to.getTargetHost().getHostName());
    if (attempt == null) {
      return Unsent.connection(context(), to.getTargetHost(), "an exchange handler of the client");
    }
    InetSocketAddress address = new InetSocketAddress(attempt.address(), attempt.port());
    return address.isUnresolved()
        ? Outcome.failed(new UnknownHostException(attempt.address()))
        : Outcome.returned(address);
  }
}
