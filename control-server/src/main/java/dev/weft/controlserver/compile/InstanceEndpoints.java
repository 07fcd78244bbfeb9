package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.policy.resource.WorkloadGroupSpec;
import dev.weft.policy.snapshot.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The live instances as endpoints of their services. From one state of the mesh to the next what
 * has not changed stays the same object, so that all that is made from it need not be made anew.
 * Confined to one thread.
 */
final class InstanceEndpoints {
  private Map<String, Known> known = new HashMap<>();
  private Map<String, OfService> services = new HashMap<>();

  /** One service of the registry, and where it answers. */
  record OfService(String service, String namespace, List<Endpoint> endpoints) {}

  private record Known(
      RegisteredInstance instance, boolean ready, String host, @Nullable Endpoint endpoint) {}

  /** By canonical host, in no order; not to be changed. */
  Map<String, OfService> byHost() {
    return services;
  }

  /** Where an endpoint answers at a port of this name, as far as its WorkloadGroup says. */
  int port(Endpoint endpoint, String name) {
    Known instance = known.get(endpoint.id);
    WorkloadGroupSpec group = instance == null ? null : instance.instance.group();
    return group == null ? endpoint.port : group.ports.getOrDefault(name, endpoint.port);
  }

  void update(MeshView view, Readiness readiness) {
    Map<String, Known> now = new HashMap<>();
    Map<String, OfService> byHost = new HashMap<>();
    for (RegisteredInstance instance : view.instances()) {
      Known each = known(instance, readiness.isReady(instance), view.trustDomain());
      now.put(instance.id(), each);
      OfService service =
          byHost.computeIfAbsent(
              each.host,
              host ->
                  new OfService(
                      instance.report().service, instance.report().namespace, new ArrayList<>()));
      if (each.endpoint != null) {
        service.endpoints.add(each.endpoint);
      }
    }
    byHost.replaceAll(
        (host, service) -> {
          OfService before = services.get(host);
          return service.equals(before) ? before : service;
        });
    known = now;
    services = byHost;
  }

  private Known known(RegisteredInstance instance, boolean ready, String trustDomain) {
    Known before = known.get(instance.id());
    if (before != null && before.instance.equals(instance) && before.ready == ready) {
      return before;
    }
    Endpoint written = instance.endpoint();
    Endpoint endpoint =
        written == null || ready ? written : written.toBuilder().ready(false).build();
    String host =
        ServiceNames.canonical(instance.report().service, instance.report().namespace, trustDomain);
    Endpoint old = before == null ? null : before.endpoint;
    return new Known(instance, ready, host, old != null && old.equals(endpoint) ? old : endpoint);
  }
}
