package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** What the client says of a request, where that is an attempt: policy has a say in it. */
abstract class AttemptHook extends MeshHook {
  AttemptHook(HookContext context) {
    super(context);
  }

  /** What holds of an attempt in the place of {@code result}. */
  abstract @Nullable Object of(HopRequest hop, @Nullable Object result);

  @Override
  public final @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object request,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    HopRequest hop = request == null ? null : Attempts.REQUESTS.get(request);
    return hop == null ? result : of(hop, result);
  }
}
