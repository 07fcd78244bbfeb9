package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lets a local reply go of which nobody wants the body: there is no connection to drain. */
public final class IgnoreHook extends MeshHook {
  /** For the hook loader. */
  public IgnoreHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object exchange, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    return exchange == null || Attempts.LOCAL.remove(exchange) == null
        ? Permit.GRANTED
        : Outcome.returned(CompletableFuture.completedFuture(null));
  }
}
