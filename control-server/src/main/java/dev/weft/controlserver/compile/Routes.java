package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.VirtualServiceSpec;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import java.util.ArrayList;
import java.util.List;

/**
 * VirtualServices by host. Where several are for the same host the oldest holds, as in Istio for
 * calls inside the mesh.
 */
final class Routes {
  private final HostTable<StoredResource> table = new HostTable<>();
  private final ServiceCatalog catalog;

  private Routes(ServiceCatalog catalog) {
    this.catalog = catalog;
  }

  /** Adds the hosts and destinations that only VirtualServices know to {@code catalog}. */
  static Routes of(List<StoredResource> virtualServices, ServiceCatalog catalog) {
    Routes routes = new Routes(catalog);
    for (StoredResource stored : virtualServices) {
      String namespace = stored.resource().namespace();
      VirtualServiceSpec spec = stored.resource().spec(VirtualServiceSpec.class);
      for (String written : spec.hosts) {
        String host = catalog.resolve(written, namespace);
        routes.table.add(host, stored);
        if (!host.startsWith("*")) {
          catalog.addNamed(host, namespace);
        }
      }
    }
    for (StoredResource stored : virtualServices) {
      String namespace = stored.resource().namespace();
      for (Route route : stored.resource().spec(VirtualServiceSpec.class).routes) {
        for (Backend backend : route.backends) {
          catalog.addDestination(catalog.resolve(backend.host, namespace), namespace);
        }
      }
    }
    return routes;
  }

  Service apply(Service service) {
    List<StoredResource> found = table.find(service.host);
    if (found.isEmpty()) {
      return service;
    }
    StoredResource oldest = found.get(0);
    String namespace = oldest.resource().namespace();
    List<Route> routes = new ArrayList<>();
    for (Route route : oldest.resource().spec(VirtualServiceSpec.class).routes) {
      routes.add(route.toBuilder().backends(backends(route.backends, namespace)).build());
    }
    return service.toBuilder().routes(routes).build();
  }

  /** With canonical hosts, and without those that get no share while others do. */
  private List<Backend> backends(List<Backend> written, String namespace) {
    List<Backend> resolved = new ArrayList<>();
    boolean weighted = written.stream().anyMatch(backend -> backend.weight > 0);
    for (Backend backend : written) {
      if (backend.weight > 0 || !weighted) {
        resolved.add(backend.toBuilder().host(catalog.resolve(backend.host, namespace)).build());
      }
    }
    return resolved;
  }
}
