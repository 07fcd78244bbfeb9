package dev.weft.dataplane.snapshot;

import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.HeaderEdits;
import org.jspecify.annotations.Nullable;

/** One weighted destination of a route. Immutable. */
public final class CompiledBackend {
  private final String host;
  private final @Nullable EndpointPool pool;
  private final HeaderEdits headers;
  private final int refusal;

  private CompiledBackend(String host, @Nullable EndpointPool pool, Backend backend) {
    this.host = host;
    this.pool = pool;
    this.headers = backend.headers;
    this.refusal = backend.refusal;
  }

  /**
   * The backend.
   *
   * @param host as messages name it
   * @param pool where to send, or null when it is not known
   */
  static CompiledBackend of(String host, @Nullable EndpointPool pool, Backend backend) {
    return new CompiledBackend(host, pool, backend);
  }

  /** Host and subset as the route names them. */
  public String host() {
    return host;
  }

  /** Where to send; null when this agent knows no such service or subset. */
  public @Nullable EndpointPool pool() {
    return pool;
  }

  /** Status to answer with instead of sending; 0 to send. */
  public int refusal() {
    return refusal;
  }

  /** Edits for this backend only. */
  public HeaderEdits headers() {
    return headers;
  }
}
