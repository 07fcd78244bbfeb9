package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.ResourceKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  private static final PolicyIndex NONE =
      new PolicyIndex(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  static PolicyIndex of(Collection<StoredResource> resources) {
    return of(resources, NONE);
  }

  /**
   * @param before of an earlier state: what is as it was there is the same list
   */
  static PolicyIndex of(Collection<StoredResource> resources, PolicyIndex before) {
    Map<ResourceKind, List<StoredResource>> byKind = new HashMap<>();
    for (StoredResource stored : resources) {
      byKind.computeIfAbsent(stored.resource().kind(), kind -> new ArrayList<>()).add(stored);
    }
    return new PolicyIndex(
        of(byKind, ResourceKind.VIRTUAL_SERVICE, before.virtualServices),
        of(byKind, ResourceKind.DESTINATION_RULE, before.destinationRules),
        of(byKind, ResourceKind.SERVICE_ENTRY, before.serviceEntries),
        of(byKind, ResourceKind.WORKLOAD_ENTRY, before.workloadEntries),
        of(byKind, ResourceKind.SIDECAR, before.sidecars),
        of(byKind, ResourceKind.PEER_AUTHENTICATION, before.peerAuthentications),
        of(byKind, ResourceKind.REQUEST_AUTHENTICATION, before.requestAuthentications),
        of(byKind, ResourceKind.AUTHORIZATION_POLICY, before.authorizationPolicies),
        of(byKind, ResourceKind.HTTP_ROUTE, before.httpRoutes),
        of(byKind, ResourceKind.REFERENCE_GRANT, before.referenceGrants),
        of(byKind, ResourceKind.DATABASE_POLICY, before.databasePolicies),
        of(byKind, ResourceKind.RATE_LIMIT, before.rateLimits),
        of(byKind, ResourceKind.LOAD_SHEDDING, before.loadSheddings),
        of(byKind, ResourceKind.MESH_CONFIG, before.meshConfigs),
        of(byKind, ResourceKind.TELEMETRY, before.telemetries));
  }

  private static List<StoredResource> of(
      Map<ResourceKind, List<StoredResource>> byKind,
      ResourceKind kind,
      List<StoredResource> before) {
    List<StoredResource> found = byKind.getOrDefault(kind, List.of());
    if (found.size() > 1) {
      found.sort(StoredResource.OLDEST_FIRST);
    }
    return found.equals(before) ? before : List.copyOf(found);
  }

  /** Whether all that says where calls go is the same as in {@code other}. */
  boolean hasRoutesOf(PolicyIndex other) {
    return virtualServices == other.virtualServices
        && httpRoutes == other.httpRoutes
        && referenceGrants == other.referenceGrants
        && serviceEntries == other.serviceEntries;
  }
}
