package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The connect timeout of an attempt: the shorter one of client and policy. */
public final class ConnectTimeoutHook extends MeshHook {
  /** For the hook loader. */
  public ConnectTimeoutHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object request,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    HopRequest hop = request == null ? null : Attempts.REQUESTS.get(request);
    long allowed = hop == null ? 0 : hop.attempt().connectTimeoutMillis();
    if (allowed <= 0) {
      return result;
    }
    Object own = result instanceof Optional ? ((Optional<?>) result).orElse(null) : null;
    Duration limit = Duration.ofMillis(allowed);
    return own instanceof Duration && ((Duration) own).compareTo(limit) < 0
        ? result
        : Optional.of(limit);
  }
}
