package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The connect timeout of an attempt: the shorter one of client and policy. */
public final class ConnectTimeoutHook extends AttemptHook {
  /** For the hook loader. */
  public ConnectTimeoutHook(HookContext context) {
    super(context);
  }

  @Override
  @Nullable Object of(HopRequest hop, @Nullable Object result) {
    long allowed = hop.attempt().connectTimeoutMillis();
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
