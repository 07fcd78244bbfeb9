package dev.weft.instrumentation.httpurlconnection;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Attempt;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pooled connections apart by instance, by plaintext and mTLS, and by trust generation. The
 * cache compares its extra key by identity, which pool keys are made for.
 */
public final class KeepAliveHook extends MeshHook {
  /** Pool keys of the runtime's clients, by client: a response may end on any thread. */
  private static final Map<Object, String> KEPT =
      Collections.synchronizedMap(new WeakHashMap<Object, String>());

  /** For the hook loader. */
  public KeepAliveHook(HookContext context) {
    super(context);
  }

  /** Says that {@code client} is connected for attempts with this pool key. */
  static void keep(Object client, String poolKey) {
    KEPT.put(client, poolKey);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object url,
      @Nullable Object client,
      @Nullable Object key,
      @Nullable Throwable thrown) {
    if (url != null) {
      URL asked = (URL) url;
      Attempt attempt = Sending.attemptAt(asked.getHost(), Sending.portOf(asked));
      if (attempt == null) {
        return key;
      }
      // Every attempt asks for a connection, and what instruments the runtime's own class has begun
      // its span by then.
      attempt.sending();
      return attempt.poolKey();
    }
    String kept = client == null ? null : KEPT.get(client);
    return kept == null ? key : kept;
  }
}
