package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import org.jspecify.annotations.Nullable;

/** The Host header of an attempt, which is that of the URI or what policy made of it. */
public final class HostHook extends AttemptHook {
  /** For the hook loader. */
  public HostHook(HookContext context) {
    super(context);
  }

  @Override
  @Nullable Object of(HopRequest hop, @Nullable Object result) {
    return hop.hostHeader();
  }
}
