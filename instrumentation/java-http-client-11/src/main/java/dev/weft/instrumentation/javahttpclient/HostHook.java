package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** The Host header of an attempt, which is that of the URI or what policy made of it. */
public final class HostHook extends MeshHook {
  /** For the hook loader. */
  public HostHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object request,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    HopRequest hop = request == null ? null : Attempts.REQUESTS.get(request);
    return hop == null ? result : hop.hostHeader();
  }
}
