package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.HeaderEdits;
import org.jspecify.annotations.Nullable;

/** One weighted destination of a route. Immutable. */
public final class CompiledBackend {
  private final String host;
  private final @Nullable CompiledService service;
  private final @Nullable EndpointPool pool;
  private final int port;
  private final HeaderEdits headers;
  private final int refusal;

  private CompiledBackend(String host, @Nullable CompiledService service, Backend backend) {
    this.host = host;
    this.service = service;
    this.pool = service == null ? null : service.pool(backend.subset);
    this.port = backend.port;
    this.headers = backend.headers;
    this.refusal = backend.refusal;
  }

  /**
   * The backend.
   *
   * @param host as messages name it
   * @param service where to send, or null when it is not known
   */
  static CompiledBackend of(String host, @Nullable CompiledService service, Backend backend) {
    return new CompiledBackend(host, service, backend);
  }

  /** Host and subset as the route names them. */
  public String host() {
    return host;
  }

  /** Where to send; null when this agent knows no such service or subset. */
  public @Nullable EndpointPool pool(RequestHead request) {
    EndpointPool known = pool;
    return known == null || service == null ? null : service.onPort(known, port, request);
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
