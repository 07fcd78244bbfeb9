package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Attempt;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** From a pool key to the address of its instance. */
public final class ResolveHook extends MeshHook {
  /** For the hook loader. */
  public ResolveHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    InetSocketAddress address = (InetSocketAddress) result;
    if (address == null || !address.isUnresolved()) {
      return result;
    }
    Attempt attempt = Attempts.NAMES.named(address.getHostString());
    return attempt == null ? result : new InetSocketAddress(attempt.address(), attempt.port());
  }
}
