package dev.weft.dataplane.snapshot;

import dev.weft.policy.snapshot.Snapshot;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A snapshot made ready for the request path. Immutable; all of it is in force or none. */
public final class CompiledSnapshot {
  private final Snapshot document;
  private final Map<String, CompiledService> services;
  private final AuthorityTable authorities;

  private CompiledSnapshot(
      Snapshot document, Map<String, CompiledService> services, AuthorityTable authorities) {
    this.document = document;
    this.services = services;
    this.authorities = authorities;
  }

  static CompiledSnapshot of(
      Snapshot document, Map<String, CompiledService> services, AuthorityTable authorities) {
    return new CompiledSnapshot(document, services, authorities);
  }

  /** What was compiled. */
  public Snapshot document() {
    return document;
  }

  /** All services that calls can go to. */
  public Iterable<CompiledService> services() {
    return services.values();
  }

  /** Whether any endpoint is to be asked whether it is well. */
  public boolean checksHealth() {
    for (CompiledService service : services.values()) {
      for (EndpointPool pool : service.pools()) {
        if (pool.policy().healthCheck != null) {
          return true;
        }
      }
    }
    return false;
  }

  /** The service of a canonical host, or null. */
  public @Nullable CompiledService service(String host) {
    return services.get(host);
  }

  /**
   * The service an authority stands for, or null when the mesh does not know it. Only {@code http}:
   * over {@code https} the application keeps its own TLS end to end, as through a sidecar.
   */
  public @Nullable CompiledService find(String scheme, String authority) {
    return scheme.equalsIgnoreCase("http") ? authorities.find(authority, 80) : null;
  }

  /** Whether a host name, without port, means a service on some port. */
  public boolean knows(String host) {
    return authorities.find(host, AuthorityTable.ANY_PORT) != null;
  }
}
