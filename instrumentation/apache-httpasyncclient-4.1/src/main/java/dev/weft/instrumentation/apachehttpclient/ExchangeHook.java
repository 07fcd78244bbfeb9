package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import org.apache.http.ConnectionReuseStrategy;
import org.apache.http.conn.ConnectionKeepAliveStrategy;
import org.apache.http.nio.conn.NHttpClientConnectionManager;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Gives an exchange handler connections of the mesh's for hosts of the mesh. Changes the arguments
 * of its constructor in place: context, and last connections, their reuse and their keeping.
 */
public final class ExchangeHook extends MeshHook {
  /** For the hook loader. */
  public ExchangeHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object all, @Nullable Object b, @Nullable Object c) {
    Object[] parts = (Object[]) requireNonNull(all);
    int last = parts.length - 1;
    parts[last - 2] =
        new ExchangeConnections(
            context(),
            (NHttpClientConnectionManager) parts[last - 2],
            (HttpContext) parts[1],
            (ConnectionReuseStrategy) parts[last - 1],
            (ConnectionKeepAliveStrategy) parts[last]);
    return Permit.GRANTED;
  }
}
