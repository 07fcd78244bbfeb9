package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.WorkloadGroup;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.DatabasePolicySpec;
import dev.weft.policy.resource.HostNames;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseRedirect;
import dev.weft.policy.snapshot.DatabaseTls;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Service;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds between one group of workloads and its databases. */
final class DatabaseRules {
  private DatabaseRules() {}

  /**
   * Those that hold for the group, in the order in which they are asked ({@link Precedence}).
   *
   * @param services those that callers of the namespace see
   */
  static List<DatabasePolicy> compile(
      List<StoredResource> policies,
      WorkloadGroup group,
      String rootNamespace,
      List<Service> services,
      String trustDomain) {
    List<DatabasePolicy> selected = new ArrayList<>();
    for (StoredResource stored :
        Precedence.closestFirst(
            policies,
            group,
            rootNamespace,
            each -> each.resource().spec(DatabasePolicySpec.class).selector)) {
      selected.add(
          filled(
              stored.resource().spec(DatabasePolicySpec.class),
              stored.resource().namespace(),
              services,
              trustDomain));
    }
    return selected;
  }

  /** The policy with the names and endpoints of the services that it is about. */
  private static DatabasePolicy filled(
      DatabasePolicySpec spec, String namespace, List<Service> services, String trustDomain) {
    DatabasePolicy.Builder policy = spec.policy.toBuilder();
    if (!spec.services.isEmpty()) {
      List<String> hosts = new ArrayList<>(spec.policy.hosts);
      for (String written : spec.services) {
        Service service = find(services, written, namespace, trustDomain);
        hosts.addAll(service == null ? List.of(written) : service.authorities);
      }
      policy.hosts(hosts);
    }
    DatabaseRedirect redirect = spec.policy.redirect;
    if (redirect != null && spec.redirectService != null) {
      Service service = find(services, spec.redirectService, namespace, trustDomain);
      policy.redirect(
          redirect.toBuilder()
              .hosts(service == null ? List.of() : hosts(service, spec.policy.tls))
              .build());
    }
    return policy.build();
  }

  /**
   * Where mesh TLS is asked, only endpoints that take it: the others would be connected to bare.
   */
  private static List<DatabaseHost> hosts(Service service, DatabaseTls tls) {
    List<DatabaseHost> hosts = new ArrayList<>();
    for (Endpoint endpoint : service.endpoints) {
      if (tls != DatabaseTls.MESH || endpoint.mtls) {
        hosts.add(
            DatabaseHost.builder()
                .address(endpoint.address)
                .port(endpoint.port)
                .spiffeId(endpoint.spiffeId)
                .build());
      }
    }
    return hosts;
  }

  /** As callers may write it: {@code pg.data} is the service pg of the namespace data, too. */
  private static @Nullable Service find(
      List<Service> services, String written, String namespace, String trustDomain) {
    String host = HostNames.inFull(written, namespace, trustDomain);
    String inMesh = host + ".svc." + trustDomain;
    Service found = null;
    for (Service service : services) {
      if (service.host.equals(host)) {
        return service;
      }
      found = service.host.equals(inMesh) ? service : found;
    }
    return found;
  }
}
