package dev.weft.dataplane.snapshot;

import dev.weft.policy.snapshot.Snapshot;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A snapshot made ready for the request path. Immutable; all of it is in force or none. */
public final class CompiledSnapshot {
  private final Snapshot document;
  private final Map<String, CompiledService> services;
  private final AuthorityTable authorities;
  private final @Nullable UnknownHosts refused;

  private CompiledSnapshot(
      Snapshot document,
      Map<String, CompiledService> services,
      AuthorityTable authorities,
      @Nullable UnknownHosts refused) {
    this.document = document;
    this.services = services;
    this.authorities = authorities;
    this.refused = refused;
  }

  /**
   * @param refused what to do with hosts that are not among the services; null lets them pass
   */
  static CompiledSnapshot of(
      Snapshot document,
      Map<String, CompiledService> services,
      AuthorityTable authorities,
      @Nullable UnknownHosts refused) {
    return new CompiledSnapshot(document, services, authorities, refused);
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
   * The service an authority stands for, or null when the call is left alone. Only {@code http}:
   * over {@code https} the application keeps its own TLS end to end, as through a sidecar. Where
   * policy refuses hosts that the mesh does not know, these stand for a service that {@link
   * CompiledService#refusesCalls refuses}, over either.
   */
  public @Nullable CompiledService find(String scheme, String authority) {
    CompiledService found =
        scheme.equalsIgnoreCase("http") ? authorities.find(authority, 80) : null;
    return found != null || refused == null ? found : refused.find(scheme, authority);
  }

  /** Whether a host name, without port, means a service on some port. */
  public boolean knows(String host) {
    return authorities.find(host, AuthorityTable.ANY_PORT) != null;
  }
}
