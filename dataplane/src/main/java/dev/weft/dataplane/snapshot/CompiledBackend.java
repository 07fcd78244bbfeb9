package dev.weft.dataplane.snapshot;

import dev.weft.policy.snapshot.HeaderEdits;
import org.jspecify.annotations.Nullable;

/** One weighted destination of a route. Immutable. */
public final class CompiledBackend {
  private final String host;
  private final @Nullable EndpointPool pool;
  private final HeaderEdits headers;

  private CompiledBackend(String host, @Nullable EndpointPool pool, HeaderEdits headers) {
    this.host = host;
    this.pool = pool;
    this.headers = headers;
  }

  static CompiledBackend of(String host, @Nullable EndpointPool pool, HeaderEdits headers) {
    return new CompiledBackend(host, pool, headers);
  }

  /** Host and subset as the route names them. */
  public String host() {
    return host;
  }

  /** Where to send; null when this agent knows no such service or subset. */
  public @Nullable EndpointPool pool() {
    return pool;
  }

  /** Edits for this backend only. */
  public HeaderEdits headers() {
    return headers;
  }
}
