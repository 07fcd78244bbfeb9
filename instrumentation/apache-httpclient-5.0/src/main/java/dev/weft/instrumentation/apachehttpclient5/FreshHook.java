package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Notes that an attempt has a connection of its own, whose end is no staleness of the pool. */
public final class FreshHook extends MeshHook {
  /** For the hook loader. */
  public FreshHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object context, @Nullable Object b, @Nullable Object c) {
    Sending sending = Sending.in((HttpContext) context);
    if (sending != null) {
      sending.connecting();
    }
    return null;
  }
}
