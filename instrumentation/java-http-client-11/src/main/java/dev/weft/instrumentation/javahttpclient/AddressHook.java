package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.Attempt;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The address of an attempt: its pool key, unresolved, which is the key of both pools of the
 * client.
 */
public final class AddressHook extends MeshHook {
  /** For the hook loader. */
  public AddressHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object request, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    HopRequest hop = request == null ? null : Attempts.REQUESTS.get(request);
    if (hop == null) {
      return Permit.GRANTED;
    }
    Attempt attempt = hop.attempt();
    Attempts.NAMES.name(attempt);
    return Outcome.returned(InetSocketAddress.createUnresolved(attempt.poolKey(), attempt.port()));
  }
}
