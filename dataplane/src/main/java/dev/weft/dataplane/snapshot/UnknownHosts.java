package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.resilience.StateRegistry;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses calls to hosts that the mesh does not know ({@code REGISTRY_ONLY}). Asked only about
 * authorities that are no service over their scheme; made only where policy says so. Immutable.
 */
final class UnknownHosts {
  /** What Istio's telemetry calls the destination of such calls. */
  static final String NAME = "BlackHoleCluster";

  private final CompiledService nowhere;
  private final AuthorityTable known;

  private UnknownHosts(CompiledService nowhere, AuthorityTable known) {
    this.nowhere = nowhere;
    this.known = known;
  }

  /**
   * @param known all services, also those whose calls are left to the application
   */
  static UnknownHosts refused(List<CompiledService> known, StateRegistry registry) {
    Service service = Service.builder().host(NAME).name(NAME).build();
    return new UnknownHosts(
        CompiledService.of(service, nobody(service, registry), Collections.emptyMap()),
        AuthorityTable.of(known));
  }

  /** No endpoint: of a service that is not called through the mesh. */
  static EndpointPool nobody(Service service, StateRegistry registry) {
    return EndpointPool.of(
        service.host,
        "",
        Collections.emptyList(),
        TrafficPolicy.defaults(),
        registry.service(service.host),
        OwnInstance.UNKNOWN);
  }

  /** Null for what is known and left alone, else what refuses the call. */
  @Nullable CompiledService find(String scheme, String authority) {
    return known.find(authority, Authorities.defaultPort(scheme)) != null
            || Authorities.isLoopback(authority)
        ? null
        : nowhere;
  }
}
