package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.conn.routing.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * Lets an exchange lease a connection to the mesh only from connections of the mesh's: its
 * constructor may have run before the agent came, or when {@link ExchangeHook} failed, and a pool
 * may have connections from before the host was one of the mesh.
 */
public final class LeaseHook extends MeshHook {
  /** For the hook loader. */
  public LeaseHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object connections,
      @Nullable Object route,
      @Nullable Object b,
      @Nullable Object c) {
    if (connections instanceof ExchangeConnections) {
      return Permit.GRANTED;
    }
    HttpRoute to = (HttpRoute) ((AtomicReference<?>) requireNonNull(route)).get();
    return Unsent.connection(
        context(), requireNonNull(to).getTargetHost(), "an exchange that the agent saw begin");
  }
}
