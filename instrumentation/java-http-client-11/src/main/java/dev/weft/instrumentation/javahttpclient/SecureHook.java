package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import org.jspecify.annotations.Nullable;

/** Whether an attempt needs TLS although its URI says http. */
public final class SecureHook extends AttemptHook {
  /** For the hook loader. */
  public SecureHook(HookContext context) {
    super(context);
  }

  @Override
  @Nullable Object of(HopRequest hop, @Nullable Object result) {
    return hop.attempt().secure();
  }
}
