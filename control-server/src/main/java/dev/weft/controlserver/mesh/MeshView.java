package dev.weft.controlserver.mesh;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.snapshot.JwtKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything snapshots are compiled from, as of one version. Immutable.
 *
 * @param epoch of one run of the server; a different one means that versions do not compare
 * @param restored whether the state may be older than what agents were told before
 * @param rootNamespace whose policy applies to every namespace
 * @param withdrawn SPIFFE IDs in order
 * @param instances whose lease runs, by id
 * @param services known because a workload joined as one
 * @param policy the resources in force
 * @param keys of issuers of tokens, by where they were had from
 * @param trustedProxies how many proxies before each workload are believed
 */
public record MeshView(
    long version,
    String epoch,
    boolean restored,
    String trustDomain,
    String rootNamespace,
    List<String> trustBundle,
    List<String> withdrawn,
    List<RegisteredInstance> instances,
    Set<KnownService> services,
    Collection<StoredResource> policy,
    Map<String, List<JwtKey>> keys,
    int trustedProxies) {

  /** Instances become members of the groups that policy has. */
  public MeshView {
    instances = WorkloadGroups.of(policy).enrolled(instances);
  }

  /** The same mesh under other policy. */
  public MeshView withPolicy(Collection<StoredResource> other) {
    return new MeshView(
        version,
        epoch,
        restored,
        trustDomain,
        rootNamespace,
        trustBundle,
        withdrawn,
        instances,
        services,
        other,
        keys,
        trustedProxies);
  }
}
