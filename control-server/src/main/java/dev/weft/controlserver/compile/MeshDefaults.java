package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.MeshConfigSpec;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Subset;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;

/** Fills in what the mesh says where rules of a service say nothing. Immutable. */
record MeshDefaults(MeshConfigSpec config) {
  /** Those of the MeshConfig in the root namespace; of several the oldest holds. */
  static MeshDefaults of(List<StoredResource> configs, String rootNamespace) {
    for (StoredResource stored : configs) {
      if (stored.resource().namespace().equals(rootNamespace)) {
        return new MeshDefaults(stored.resource().spec(MeshConfigSpec.class));
      }
    }
    return new MeshDefaults(MeshConfigSpec.NONE);
  }

  /** {@code service} as agents get it. */
  Service apply(Service service) {
    List<Route> routes = new ArrayList<>();
    for (Route route : service.routes) {
      routes.add(filled(route));
    }
    if (routes.isEmpty() && (config.timeoutMillis > 0 || config.retries != null)) {
      // Without rules a service is its own backend.
      Backend self = Backend.builder().host(service.host).weight(100).build();
      routes.add(filled(Route.builder().backends(List.of(self)).build()));
    }
    Service.Builder filled = service.toBuilder().routes(routes);
    if (config.connectTimeoutMillis > 0) {
      List<Subset> subsets = new ArrayList<>();
      for (Subset subset : service.subsets) {
        subsets.add(subset.toBuilder().trafficPolicy(filled(subset.trafficPolicy)).build());
      }
      filled.trafficPolicy(filled(service.trafficPolicy)).subsets(subsets);
    }
    return filled.build();
  }

  private Route filled(Route route) {
    long said = route.timeoutMillis;
    long timeout = said == 0 ? config.timeoutMillis : Math.max(0, said);
    RetryPolicy retries = route.retries == null ? config.retries : route.retries;
    return route.toBuilder().timeoutMillis(timeout).retries(retries).build();
  }

  private TrafficPolicy filled(TrafficPolicy policy) {
    ConnectionPool pool = policy.connectionPool;
    return pool.connectTimeoutMillis > 0
        ? policy
        : policy.toBuilder()
            .connectionPool(
                pool.toBuilder().connectTimeoutMillis(config.connectTimeoutMillis).build())
            .build();
  }
}
