package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.MeshConfigSpec;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the snapshots of the workloads from the state of the mesh. The same in gives the same out.
 * What depends on a namespace or a {@link Caller} alone is made once per state, and what has not
 * changed since the state before is taken over from it. Confined to one thread.
 */
public final class SnapshotCompiler {
  private final InstanceEndpoints instances = new InstanceEndpoints();
  private Map<String, NamespaceRules> namespaces = new HashMap<>();
  private Map<String, NamespaceRules> namespacesBefore = new HashMap<>();
  private Map<Caller, OutboundRules> outbound = new HashMap<>();
  private Map<Caller, OutboundRules> outboundBefore = new HashMap<>();
  private final Map<String, List<StoredResource>> byNamespace = new HashMap<>();
  private final Map<String, PolicyIndex> about = new HashMap<>();
  private PolicyIndex policy = PolicyIndex.of(List.of());
  private @Nullable LimitRules limits;
  private Set<String> labelKeys = Set.of();
  private long version = -1;

  /** The snapshot with version 0: the version says when it was sent, not what is in it. */
  public Snapshot compile(MeshView view, Workload workload) {
    LimitRules limited = limits;
    if (limited == null || version != view.version()) {
      limited = begin(view);
    }
    Scope scope = Scope.of(policy.sidecars(), workload, view.rootNamespace());
    NamespaceRules seen =
        namespaces.computeIfAbsent(
            workload.namespace(),
            namespace ->
                NamespaceRules.compile(
                    view, policy, instances, namespace, namespacesBefore.get(namespace)));
    OutboundRules rules =
        outbound.computeIfAbsent(
            Caller.of(workload, labelKeys, scope),
            caller -> OutboundRules.compile(seen, caller, outboundBefore.get(caller)));
    PolicyIndex own =
        about.computeIfAbsent(
            workload.namespace(), namespace -> about(namespace, view.rootNamespace()));
    MeshConfigSpec mesh = seen.defaults().config();
    InboundPolicy inbound = InboundRules.compile(own, limited, workload, scope, view);
    List<ExternalAuthorizer> authorizers =
        AuthorizerRules.compile(inbound.authorization, mesh, seen.catalog(), view.rootNamespace());
    return Snapshot.builder()
        .epoch(view.epoch())
        .restored(view.restored())
        .trustDomain(view.trustDomain())
        .trustBundle(view.trustBundle())
        .withdrawn(view.withdrawn())
        .localNamespace(workload.namespace())
        .services(rules.servicesWith(authorizers, seen))
        .locality(workload.locality())
        .scope(scope.id())
        .outbound(scope.outbound(mesh.outbound))
        .inbound(
            inbound.toBuilder()
                .authorizers(authorizers)
                .cors(CorsRules.compile(seen, workload, view.trustDomain()))
                .build())
        .databases(
            DatabaseRules.compile(
                own.databasePolicies(), workload, view.rootNamespace(), seen.catalog()))
        .telemetry(
            TelemetryRules.compile(
                own.telemetries(), workload, view.rootNamespace(), mesh.telemetry()))
        .probe(workload.probe())
        .build();
  }

  private LimitRules begin(MeshView view) {
    namespacesBefore = namespaces;
    namespaces = new HashMap<>();
    outboundBefore = outbound;
    outbound = new HashMap<>();
    about.clear();
    byNamespace.clear();
    for (StoredResource stored : view.policy()) {
      byNamespace
          .computeIfAbsent(stored.resource().namespace(), key -> new ArrayList<>())
          .add(stored);
    }
    PolicyIndex before = policy;
    policy = PolicyIndex.of(view.policy(), before);
    instances.update(view, Readiness.of(policy, view));
    if (policy.virtualServices() != before.virtualServices()
        || policy.destinationRules() != before.destinationRules()) {
      labelKeys = Caller.labelKeys(policy.virtualServices(), policy.destinationRules());
    }
    version = view.version();
    LimitRules fresh = new LimitRules(policy.rateLimits(), view);
    limits = fresh;
    return fresh;
  }

  /** The policy of a namespace and of the mesh: all that can hold for its workloads. */
  private PolicyIndex about(String namespace, String rootNamespace) {
    List<StoredResource> both = new ArrayList<>(byNamespace.getOrDefault(namespace, List.of()));
    if (!namespace.equals(rootNamespace)) {
      both.addAll(byNamespace.getOrDefault(rootNamespace, List.of()));
    }
    return PolicyIndex.of(both);
  }
}
