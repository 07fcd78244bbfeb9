package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.WorkloadGroup;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the snapshots of the groups of workloads from the state of the mesh. The same in gives the
 * same out; what depends on the {@link Caller} alone is kept while the state stays the same.
 * Confined to one thread.
 */
public final class SnapshotCompiler {
  private final Map<Caller, List<Service>> services = new HashMap<>();
  private PolicyIndex policy = PolicyIndex.of(List.of());
  private @Nullable LimitRules limits;
  private Set<String> labelKeys = Set.of();
  private long version = -1;

  /** The snapshot with version 0: the version says when it was sent, not what is in it. */
  public Snapshot compile(MeshView view, WorkloadGroup group) {
    LimitRules limited = limits;
    if (limited == null || version != view.version()) {
      services.clear();
      policy = PolicyIndex.of(view.policy());
      limited = new LimitRules(policy.rateLimits(), view);
      limits = limited;
      labelKeys = Caller.labelKeys(policy.virtualServices());
      version = view.version();
    }
    List<Service> named =
        services.computeIfAbsent(Caller.of(group, labelKeys), caller -> services(view, caller));
    return Snapshot.builder()
        .epoch(view.epoch())
        .restored(view.restored())
        .trustDomain(view.trustDomain())
        .trustBundle(view.trustBundle())
        .withdrawn(view.withdrawn())
        .localNamespace(group.namespace())
        .services(named)
        .inbound(InboundRules.compile(policy, limited, group, view.rootNamespace()))
        .databases(
            DatabaseRules.compile(
                policy.databasePolicies(), group, view.rootNamespace(), named, view.trustDomain()))
        .build();
  }

  private List<Service> services(MeshView view, Caller caller) {
    ServiceCatalog catalog = ServiceCatalog.of(view, policy, caller.namespace());
    GatewayRoutes gateway = GatewayRoutes.of(policy, catalog, caller.namespace());
    Routes routes = Routes.of(policy.virtualServices(), catalog, gateway, caller.namespace());
    TrafficRules traffic =
        TrafficRules.of(
            policy.destinationRules(), catalog, caller.namespace(), view.rootNamespace());
    MeshDefaults defaults = MeshDefaults.of(policy.meshConfigs(), view.rootNamespace());
    List<Service> result = new ArrayList<>();
    for (Service service : catalog.services()) {
      Service limited = traffic.apply(service);
      result.add(defaults.apply(routes.apply(limited, caller)));
    }
    return result;
  }
}
