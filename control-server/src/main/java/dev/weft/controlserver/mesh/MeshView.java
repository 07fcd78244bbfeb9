package dev.weft.controlserver.mesh;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.resource.StoredResource;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Everything snapshots are compiled from, as of one version. Immutable.
 *
 * @param epoch random per data directory; a different one means that versions do not compare
 * @param rootNamespace whose policy applies to every namespace
 * @param withdrawn SPIFFE IDs in order
 * @param instances whose lease runs, by id
 * @param services known because a workload joined as one
 * @param policy the resources in force
 */
public record MeshView(
    long version,
    String epoch,
    String trustDomain,
    String rootNamespace,
    List<String> trustBundle,
    List<String> withdrawn,
    List<RegisteredInstance> instances,
    Set<KnownService> services,
    Collection<StoredResource> policy) {}
