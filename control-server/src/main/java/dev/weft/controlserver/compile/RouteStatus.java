package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.BackendRef;
import dev.weft.policy.resource.HttpRouteSpec;
import dev.weft.policy.resource.ParentRef;
import dev.weft.policy.resource.ResourceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the Gateway API has a mesh say of an HTTPRoute: for each parent whether the route is in
 * force there ({@code Accepted}), and whether all that it refers to can be used ({@code
 * ResolvedRefs}). Thread-safe.
 */
public final class RouteStatus {
  private static final String CONTROLLER = "weft.dev/mesh";

  private final Mesh mesh;
  private @Nullable Known known;

  /** What status is told from; the catalogs of namespaces are made when they are asked for. */
  private record Known(
      MeshView view,
      PolicyIndex policy,
      InstanceEndpoints endpoints,
      Map<String, ServiceCatalog> catalogs) {
    static Known of(MeshView view) {
      PolicyIndex policy = PolicyIndex.of(view.policy());
      InstanceEndpoints endpoints = new InstanceEndpoints();
      endpoints.update(view, Readiness.of(policy, view));
      return new Known(view, policy, endpoints, new HashMap<>());
    }
  }

  public RouteStatus(Mesh mesh) {
    this.mesh = mesh;
  }

  /** The {@code parents} of the status of an HTTPRoute; empty for other kinds. */
  public synchronized List<Object> parents(StoredResource stored) {
    if (stored.resource().kind() != ResourceKind.HTTP_ROUTE) {
      return List.of();
    }
    MeshView view = mesh.view();
    Known now = known;
    if (now == null
        || now.view().version() != view.version()
        || !now.view().epoch().equals(view.epoch())) {
      now = Known.of(view);
      known = now;
    }
    PolicyIndex policy = now.policy();
    InstanceEndpoints endpoints = now.endpoints();
    ServiceCatalog catalog =
        now.catalogs()
            .computeIfAbsent(
                stored.resource().namespace(),
                namespace -> ServiceCatalog.of(view, policy, endpoints, namespace, null));
    List<Object> parents = new ArrayList<>();
    for (ParentRef parent : stored.resource().spec(HttpRouteSpec.class).parents) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("parentRef", reference(parent));
      each.put("controllerName", CONTROLLER);
      each.put(
          "conditions",
          List.of(
              accepted(stored, parent, policy),
              resolved(stored, new GatewayReferences(policy, catalog, stored, parent))));
      parents.add(each);
    }
    return parents;
  }

  private static Map<String, Object> reference(ParentRef parent) {
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put("group", parent.serviceEntry ? "networking.istio.io" : "");
    reference.put("kind", parent.serviceEntry ? "ServiceEntry" : "Service");
    reference.put("namespace", parent.namespace);
    reference.put("name", parent.name);
    if (!parent.sectionName.isEmpty()) {
      reference.put("sectionName", parent.sectionName);
    }
    if (parent.port > 0) {
      reference.put("port", parent.port);
    }
    return reference;
  }

  /** A service need not be known: callers can name what a route is for. */
  private static Map<String, Object> accepted(
      StoredResource route, ParentRef parent, PolicyIndex policy) {
    boolean there = !parent.serviceEntry;
    for (StoredResource entry : policy.serviceEntries()) {
      there |= GatewayRoutes.isParent(parent, entry);
    }
    return there
        ? condition(route, "Accepted", true, "Accepted", "the route is in force")
        : condition(
            route,
            "Accepted",
            false,
            "NoMatchingParent",
            "there is no ServiceEntry "
                + parent.namespace
                + "/"
                + parent.name
                + (parent.sectionName.isEmpty() ? "" : " with a port " + parent.sectionName));
  }

  private static Map<String, Object> resolved(StoredResource route, GatewayReferences references) {
    String reason = "ResolvedRefs";
    List<String> messages = new ArrayList<>();
    for (BackendRef each : route.resource().spec(HttpRouteSpec.class).references.values()) {
      String problem = references.problem(each);
      if (problem != null) {
        reason = messages.isEmpty() ? problem : reason;
        String name = each.namespace.isEmpty() ? each.name : each.namespace + "/" + each.name;
        messages.add(
            problem.equals(GatewayReferences.NOT_FOUND)
                ? "no service " + name + " is known"
                : "the namespace "
                    + each.namespace
                    + " has no ReferenceGrant for HTTPRoutes of "
                    + route.resource().namespace()
                    + " to "
                    + each.name);
      }
    }
    boolean all = messages.isEmpty();
    String message =
        all ? "all backends are known" : String.join("; ", messages) + ": answered with 500";
    return condition(route, "ResolvedRefs", all, reason, message);
  }

  private static Map<String, Object> condition(
      StoredResource route, String type, boolean status, String reason, String message) {
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", type);
    condition.put("status", status ? "True" : "False");
    condition.put("reason", reason);
    condition.put("message", message);
    condition.put("lastTransitionTime", route.created().toString());
    return condition;
  }
}
