package dev.weft.controlserver.compile;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.policy.resource.HostNames;
import dev.weft.policy.snapshot.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The services that callers of one namespace can name, before routes and traffic policy: those of
 * the registry, those of ServiceEntries, and hosts that exist only in a VirtualService. Not
 * thread-safe.
 */
final class ServiceCatalog {
  private final MeshView view;
  private final String callerNamespace;
  private final Map<String, Service> byHost = new HashMap<>();
  private final Map<String, Service> added = new HashMap<>();
  private final Map<String, Registered> registry = new HashMap<>();

  private record Registered(InstanceEndpoints.OfService from, Service service) {}

  private ServiceCatalog(MeshView view, String callerNamespace) {
    this.view = view;
    this.callerNamespace = callerNamespace;
  }

  /**
   * @param before that of an earlier state of the mesh, or null
   */
  static ServiceCatalog of(
      MeshView view,
      PolicyIndex policy,
      InstanceEndpoints instances,
      String callerNamespace,
      @Nullable ServiceCatalog before) {
    ServiceCatalog catalog = new ServiceCatalog(view, callerNamespace);
    catalog.addRegistry(instances, before);
    catalog.add(new EntryServices(policy, instances, view.trustDomain()));
    return catalog;
  }

  /** In the order of their hosts; those that are as they were before are the same objects. */
  List<Service> services(@Nullable ServiceCatalog before) {
    if (before != null) {
      byHost.replaceAll(
          (host, service) -> {
            Service old = before.byHost.get(host);
            return service.equals(old) ? old : service;
          });
    }
    List<Service> services = new ArrayList<>(byHost.values());
    services.sort(Comparator.comparing(service -> service.host));
    return List.copyOf(services);
  }

  /** Whether nothing was added here yet, and before that the other had the same hosts. */
  boolean beginsAs(ServiceCatalog other) {
    if (byHost.size() != other.byHost.size() - other.added.size()) {
      return false;
    }
    for (String host : byHost.keySet()) {
      if (!other.byHost.containsKey(host) || other.added.containsKey(host)) {
        return false;
      }
    }
    return added.isEmpty();
  }

  /** Adds what was added to the other, of which this one {@link #beginsAs begins as}. */
  void addAllOf(ServiceCatalog other) {
    byHost.putAll(other.added);
    added.putAll(other.added);
  }

  /** Whether a name resolves to the same host in both. */
  boolean hasNamesOf(ServiceCatalog before) {
    return byHost.keySet().equals(before.byHost.keySet());
  }

  /** The service of a canonical host, or null. */
  @Nullable Service find(String host) {
    return byHost.get(host);
  }

  /**
   * A host of a resource in {@code namespace} as the canonical host it means. Beyond Istio, {@code
   * orders.shop} means the service orders of the namespace shop when there is one, because callers
   * may write it so.
   */
  String resolve(String host, String namespace) {
    String full = HostNames.inFull(host, namespace, view.trustDomain());
    if (!byHost.containsKey(full)) {
      String inMesh = full + ".svc." + view.trustDomain();
      if (byHost.containsKey(inMesh)) {
        return inMesh;
      }
    }
    return full;
  }

  /** The service of a host for calls to a port, where it has one of its own for that port. */
  String onPort(String host, int port) {
    String other = EntryServices.onPort(host, port);
    return port > 0 && byHost.containsKey(other) ? other : host;
  }

  /** Whether {@code host} is a service, or a name or destination that was added. */
  boolean knows(String host) {
    return byHost.containsKey(host);
  }

  /**
   * Makes sure that {@code host} is a service: callers may name it although nothing is known to
   * answer there.
   */
  void addNamed(String host, String namespace) {
    if (!byHost.containsKey(host)) {
      add(named(host, namespace));
    }
  }

  /** Makes sure that {@code host} can be a destination, without callers being able to name it. */
  void addDestination(String host, String namespace) {
    if (!byHost.containsKey(host)) {
      add(named(host, namespace).toBuilder().authorities(List.of()).build());
    }
  }

  private void add(Service service) {
    byHost.put(service.host, service);
    added.put(service.host, service);
  }

  private void addRegistry(InstanceEndpoints instances, @Nullable ServiceCatalog before) {
    instances
        .byHost()
        .forEach(
            (host, known) -> {
              Registered old = before == null ? null : before.registry.get(host);
              Registered now =
                  old != null && old.from.equals(known)
                      ? old
                      : new Registered(
                          known,
                          registered(host, known.service(), known.namespace()).toBuilder()
                              .endpoints(known.endpoints())
                              .build());
              registry.put(host, now);
              byHost.put(host, now.service);
            });
    for (KnownService known : view.services()) {
      String host = ServiceNames.canonical(known.service(), known.namespace(), view.trustDomain());
      byHost.computeIfAbsent(host, key -> registered(key, known.service(), known.namespace()));
    }
  }

  private void add(EntryServices entries) {
    entries.forEach(
        callerNamespace,
        (host, namespace, service) ->
            byHost.computeIfAbsent(
                host,
                key -> {
                  Service.Builder made = service.get();
                  Service plain = named(EntryServices.plain(host), namespace);
                  List<String> authorities = new ArrayList<>(plain.authorities);
                  authorities.addAll(made.build().authorities);
                  return made.host(host)
                      .name(plain.name)
                      .namespace(plain.namespace)
                      .authorities(authorities)
                      .build();
                }));
  }

  private Service named(String host, String namespace) {
    String suffix = ".svc." + view.trustDomain();
    if (host.endsWith(suffix)) {
      String[] parts = host.substring(0, host.length() - suffix.length()).split("\\.", -1);
      if (parts.length == 2) {
        return registered(host, parts[0], parts[1]);
      }
    }
    return Service.builder()
        .host(host)
        .name(host)
        .namespace(namespace)
        .authorities(List.of(host))
        .build();
  }

  private Service registered(String host, String service, String namespace) {
    return Service.builder()
        .host(host)
        .name(service)
        .namespace(namespace)
        .authorities(
            ServiceNames.authorities(service, namespace, view.trustDomain(), callerNamespace))
        .build();
  }
}
