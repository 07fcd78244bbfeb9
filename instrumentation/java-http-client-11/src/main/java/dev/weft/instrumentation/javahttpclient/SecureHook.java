package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Whether an attempt needs TLS although its URI says http. */
public final class SecureHook extends MeshHook {
  /** For the hook loader. */
  public SecureHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object request,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    HopRequest hop = request == null ? null : Attempts.REQUESTS.get(request);
    return hop == null ? result : (Object) hop.attempt().secure();
  }
}
