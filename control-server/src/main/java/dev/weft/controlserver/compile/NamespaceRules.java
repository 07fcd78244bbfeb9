package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.policy.snapshot.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What callers of one namespace see of a state of the mesh, whatever their Sidecars leave of it.
 *
 * @param services all of them, before routes and traffic policy; those that are as in the state
 *     before are the same objects
 * @param defaults what holds where rules say nothing
 * @param sameGround whether hosts of resources mean what they meant in the state before, and the
 *     defaults are the same
 */
record NamespaceRules(
    ServiceCatalog catalog,
    Routes routes,
    TrafficRules traffic,
    List<Service> services,
    MeshDefaults defaults,
    boolean sameGround) {
  static NamespaceRules compile(
      MeshView view,
      PolicyIndex policy,
      InstanceEndpoints instances,
      String namespace,
      @Nullable NamespaceRules before) {
    ServiceCatalog known = before == null ? null : before.catalog;
    ServiceCatalog catalog = ServiceCatalog.of(view, policy, instances, namespace, known);
    GatewayRoutes gateway = GatewayRoutes.of(policy, catalog, namespace);
    Routes routes = Routes.of(policy.virtualServices(), catalog, gateway, namespace);
    TrafficRules traffic =
        TrafficRules.of(policy.destinationRules(), catalog, namespace, view.rootNamespace());
    MeshDefaults defaults = MeshDefaults.of(policy.meshConfigs(), view.rootNamespace());
    return new NamespaceRules(
        catalog,
        routes,
        traffic,
        catalog.services(known),
        defaults,
        before != null && catalog.hasNamesOf(before.catalog) && defaults.equals(before.defaults));
  }
}
