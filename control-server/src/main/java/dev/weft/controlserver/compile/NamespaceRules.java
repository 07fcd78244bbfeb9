package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.policy.snapshot.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What callers of one namespace see of a state of the mesh, whatever their Sidecars leave of it.
 *
 * @param policy what all of it was made from
 * @param services all of them, before routes and traffic policy; those that are as in the state
 *     before are the same objects
 * @param defaults what holds where rules say nothing
 * @param sameGround whether hosts of resources mean what they meant in the state before, and the
 *     defaults are the same
 * @param sameRules whether, beyond that, no rule for any service has come, gone or changed
 */
record NamespaceRules(
    PolicyIndex policy,
    ServiceCatalog catalog,
    Routes routes,
    TrafficRules traffic,
    List<Service> services,
    MeshDefaults defaults,
    boolean sameGround,
    boolean sameRules) {
  static NamespaceRules compile(
      MeshView view,
      PolicyIndex policy,
      InstanceEndpoints instances,
      String namespace,
      @Nullable NamespaceRules before) {
    ServiceCatalog known = before == null ? null : before.catalog;
    ServiceCatalog catalog = ServiceCatalog.of(view, policy, instances, namespace, known);
    MeshDefaults defaults = MeshDefaults.of(policy.meshConfigs(), view.rootNamespace());
    Routes routes;
    boolean sameRoutes =
        before != null && policy.hasRoutesOf(before.policy) && catalog.beginsAs(before.catalog);
    if (before != null && sameRoutes) {
      catalog.addAllOf(before.catalog);
      routes = before.routes.over(catalog);
    } else {
      GatewayRoutes gateway = GatewayRoutes.of(policy, catalog, namespace);
      routes = Routes.of(policy.virtualServices(), catalog, gateway, namespace);
    }
    boolean sameNames = before != null && (sameRoutes || catalog.hasNamesOf(before.catalog));
    boolean sameTraffic =
        before != null
            && sameNames
            && policy.destinationRules() == before.policy.destinationRules();
    TrafficRules traffic =
        before != null && sameTraffic
            ? before.traffic
            : TrafficRules.of(policy.destinationRules(), catalog, namespace, view.rootNamespace());
    boolean sameGround = before != null && sameNames && defaults.equals(before.defaults);
    return new NamespaceRules(
        policy,
        catalog,
        routes,
        traffic,
        catalog.services(known),
        defaults,
        sameGround,
        sameGround && sameRoutes && sameTraffic);
  }
}
