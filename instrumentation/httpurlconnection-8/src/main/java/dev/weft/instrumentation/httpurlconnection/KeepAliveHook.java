package dev.weft.instrumentation.httpurlconnection;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import java.net.Socket;
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
  /** What was made for the runtime's clients, by client: a response may end on any thread. */
  private static final Map<Object, Made> KEPT =
      Collections.synchronizedMap(new WeakHashMap<Object, Made>());

  /** The connection of a client. */
  private static final class Made {
    final String poolKey;
    final boolean usedUp;
    final Socket socket;

    Made(String poolKey, boolean usedUp, Socket socket) {
      this.poolKey = poolKey;
      this.usedUp = usedUp;
      this.socket = socket;
    }

    /** The key to keep it under; one that nobody asks for when it takes no further request. */
    Object key() {
      if (!usedUp) {
        return poolKey;
      }
      try {
        socket.close();
      } catch (IOException e) {
        // The runtime closes it again when it tidies up.
      }
      return new Object();
    }
  }

  /** For the hook loader. */
  public KeepAliveHook(HookContext context) {
    super(context);
  }

  /** Says that {@code client} is connected for attempts alike. */
  static void keep(Object client, Attempt attempt, Socket socket) {
    KEPT.put(client, new Made(attempt.poolKey(), attempt.lastOnConnection(), socket));
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
    Made made = client == null ? null : KEPT.get(client);
    return made == null ? key : made.key();
  }
}
