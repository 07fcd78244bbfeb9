package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.ResourceKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The resources of each kind, the oldest first. Immutable. */
record PolicyIndex(
    List<StoredResource> virtualServices,
    List<StoredResource> destinationRules,
    List<StoredResource> serviceEntries,
    List<StoredResource> workloadEntries,
    List<StoredResource> sidecars,
    List<StoredResource> peerAuthentications,
    List<StoredResource> requestAuthentications,
    List<StoredResource> authorizationPolicies,
    List<StoredResource> httpRoutes,
    List<StoredResource> referenceGrants,
    List<StoredResource> databasePolicies,
    List<StoredResource> rateLimits,
    List<StoredResource> loadSheddings,
    List<StoredResource> meshConfigs,
    List<StoredResource> telemetries) {

  static PolicyIndex of(Collection<StoredResource> resources) {
    return new PolicyIndex(
        of(resources, ResourceKind.VIRTUAL_SERVICE),
        of(resources, ResourceKind.DESTINATION_RULE),
        of(resources, ResourceKind.SERVICE_ENTRY),
        of(resources, ResourceKind.WORKLOAD_ENTRY),
        of(resources, ResourceKind.SIDECAR),
        of(resources, ResourceKind.PEER_AUTHENTICATION),
        of(resources, ResourceKind.REQUEST_AUTHENTICATION),
        of(resources, ResourceKind.AUTHORIZATION_POLICY),
        of(resources, ResourceKind.HTTP_ROUTE),
        of(resources, ResourceKind.REFERENCE_GRANT),
        of(resources, ResourceKind.DATABASE_POLICY),
        of(resources, ResourceKind.RATE_LIMIT),
        of(resources, ResourceKind.LOAD_SHEDDING),
        of(resources, ResourceKind.MESH_CONFIG),
        of(resources, ResourceKind.TELEMETRY));
  }

  private static List<StoredResource> of(Collection<StoredResource> resources, ResourceKind kind) {
    List<StoredResource> found = new ArrayList<>();
    for (StoredResource stored : resources) {
      if (stored.resource().kind() == kind) {
        found.add(stored);
      }
    }
    found.sort(StoredResource.OLDEST_FIRST);
    return List.copyOf(found);
  }
}
