package dev.weft.controlserver.compile;

import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.HostNames;
import dev.weft.policy.resource.ServiceEntrySpec;
import dev.weft.policy.resource.ServiceEntrySpec.StaticEndpoint;
import dev.weft.policy.resource.WorkloadEntrySpec;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The services of ServiceEntries. */
final class EntryServices {
  /** Of a host's ports that are left to the application: a service that no rule can mean. */
  private static final String UNTOUCHED = "|untouched";

  private final PolicyIndex policy;
  private final InstanceEndpoints instances;
  private final String trustDomain;

  EntryServices(PolicyIndex policy, InstanceEndpoints instances, String trustDomain) {
    this.policy = policy;
    this.instances = instances;
    this.trustDomain = trustDomain;
  }

  /** Takes a service: under a host it has no name and namespace yet, but further authorities. */
  interface Taker {
    void take(String host, String namespace, Supplier<Service.Builder> service);
  }

  /** The host that is called, of a host of a service. */
  static String plain(String host) {
    int end = host.indexOf(':') < 0 ? host.indexOf('|') : host.indexOf(':');
    return end < 0 ? host : host.substring(0, end);
  }

  /** The host of the service that a further port of a host for HTTP is. */
  static String onPort(String host, int port) {
    return host + ":" + port;
  }

  /**
   * All that callers in the namespace see. Where several entries claim a host, the caller's own
   * namespace comes first, then what names it, then the oldest.
   */
  void forEach(String callerNamespace, Taker taker) {
    List<StoredResource> visible =
        Visible.nearestFirst(
            policy.serviceEntries(),
            callerNamespace,
            stored -> stored.resource().spec(ServiceEntrySpec.class).visibility);
    for (boolean own : new boolean[] {true, false}) {
      for (StoredResource stored : visible) {
        if (stored.resource().namespace().equals(callerNamespace) == own) {
          add(stored, taker);
        }
      }
    }
  }

  private void add(StoredResource stored, Taker taker) {
    ServiceEntrySpec entry = stored.resource().spec(ServiceEntrySpec.class);
    String namespace = stored.resource().namespace();
    for (int i = 0; i < entry.hosts.size(); i++) {
      String written = entry.hosts.get(i);
      String host = HostNames.inFull(written, namespace, trustDomain);
      List<String> addresses = i == 0 ? entry.addresses : List.of();
      for (ServiceEntrySpec.Port port : entry.routed(written)) {
        taker.take(
            port == entry.port ? host : onPort(host, port.number),
            namespace,
            () ->
                Service.builder()
                    .external(entry.external)
                    .trafficPolicy(
                        TrafficPolicy.builder().subjectAltNames(entry.subjectAltNames).build())
                    .authorities(addresses)
                    .ports(List.of(port.number))
                    .endpoints(endpoints(stored, entry, host, port)));
      }
      List<String> blocks = i == 0 ? entry.blocks : List.of();
      List<Integer> untouched = blocks.isEmpty() ? entry.untouched(written) : entry.numbers();
      if (!untouched.isEmpty()) {
        List<String> known = new ArrayList<>(addresses);
        known.addAll(blocks);
        taker.take(
            host + UNTOUCHED,
            namespace,
            () ->
                Service.builder()
                    .external(entry.external)
                    .authorities(known)
                    .ports(untouched)
                    .trafficPolicy(
                        TrafficPolicy.builder().loadBalancer(LoadBalancer.PASSTHROUGH).build()));
      }
    }
  }

  private List<Endpoint> endpoints(
      StoredResource stored, ServiceEntrySpec entry, String host, ServiceEntrySpec.Port port) {
    String namespace = stored.resource().namespace();
    Map<String, String> selector = entry.selector;
    List<Endpoint> endpoints = new ArrayList<>();
    if (selector == null) {
      for (StaticEndpoint each : entry.endpointsOf(host, port)) {
        endpoints.add(endpoint(stored, entry, each));
      }
      return endpoints;
    }
    for (StoredResource workload : policy.workloadEntries()) {
      WorkloadEntrySpec spec = workload.resource().spec(WorkloadEntrySpec.class);
      if (workload.resource().namespace().equals(namespace)
          && Workload.has(spec.labels, selector)) {
        endpoints.add(endpoint(workload, entry, spec.endpoint(port)));
      }
    }
    for (InstanceEndpoints.OfService service : instances.byHost().values()) {
      if (service.namespace().equals(namespace)) {
        addChosen(service.endpoints(), selector, entry, port, endpoints);
      }
    }
    endpoints.sort(Comparator.comparing(endpoint -> endpoint.id));
    return endpoints;
  }

  /**
   * At the port that their WorkloadGroup gives the entry's by its name, if it does. Istio: outside
   * the mesh there is no mTLS of the mesh.
   */
  private void addChosen(
      List<Endpoint> from,
      Map<String, String> selector,
      ServiceEntrySpec entry,
      ServiceEntrySpec.Port called,
      List<Endpoint> to) {
    for (Endpoint endpoint : from) {
      if (Workload.has(endpoint.labels, selector)) {
        int named = instances.port(endpoint, called.name);
        // The port that an instance reports is its first one.
        int port = called == entry.port || named != endpoint.port ? named : called.targetPort;
        // Mesh TLS is known of the port that the instance reports, and of no other.
        boolean mtls = endpoint.mtls && port == endpoint.port && !entry.external;
        to.add(
            endpoint.toBuilder()
                .port(port)
                .mtls(mtls)
                .spiffeId(entry.external ? null : endpoint.spiffeId)
                .build());
      }
    }
  }

  /** Over mesh TLS to just the identity that is said, if one is and the entry is of the mesh. */
  private Endpoint endpoint(StoredResource owner, ServiceEntrySpec entry, StaticEndpoint from) {
    String namespace = owner.resource().namespace();
    boolean mtls = !from.serviceAccount.isEmpty() && !entry.external;
    return Endpoint.builder()
        .id(namespace + "/" + owner.resource().name() + "/" + from.address + ":" + from.port)
        .address(from.address)
        .port(from.port)
        .labels(from.labels)
        .locality(from.locality)
        .weight(from.weight)
        .mtls(mtls)
        .spiffeId(
            mtls ? new WorkloadIdentity(trustDomain, namespace, from.serviceAccount).uri() : null)
        .build();
  }
}
