package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.WorkloadGroup;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the snapshots of the groups of workloads from the state of the mesh. The same in gives the
 * same out; what depends on the caller's namespace alone is kept while the state stays the same.
 * Confined to one thread.
 */
public final class SnapshotCompiler {
  private final Map<String, List<Service>> services = new HashMap<>();
  private PolicyIndex policy = PolicyIndex.of(List.of());
  private long version = -1;

  /** The snapshot with version 0: the version says when it was sent, not what is in it. */
  public Snapshot compile(MeshView view, WorkloadGroup group) {
    if (version != view.version()) {
      services.clear();
      policy = PolicyIndex.of(view.policy());
      version = view.version();
    }
    List<Service> named =
        services.computeIfAbsent(group.namespace(), caller -> services(view, caller));
    return Snapshot.builder()
        .epoch(view.epoch())
        .restored(view.restored())
        .trustDomain(view.trustDomain())
        .trustBundle(view.trustBundle())
        .withdrawn(view.withdrawn())
        .localNamespace(group.namespace())
        .services(named)
        .inbound(InboundRules.compile(policy, group, view.rootNamespace()))
        .databases(
            DatabaseRules.compile(
                policy.databasePolicies(), group, view.rootNamespace(), named, view.trustDomain()))
        .build();
  }

  private List<Service> services(MeshView view, String callerNamespace) {
    ServiceCatalog catalog = ServiceCatalog.of(view, policy, callerNamespace);
    Routes routes = Routes.of(policy.virtualServices(), catalog);
    TrafficRules traffic = TrafficRules.of(policy.destinationRules(), catalog);
    List<Service> result = new ArrayList<>();
    for (Service service : catalog.services()) {
      result.add(routes.apply(traffic.apply(service, callerNamespace, view.rootNamespace())));
    }
    return result;
  }
}
