package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.DatabasePolicySpec;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseRedirect;
import dev.weft.policy.snapshot.DatabaseTls;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Service;
import java.util.ArrayList;
import java.util.List;

/** What holds between one workload and its databases. */
final class DatabaseRules {
  private DatabaseRules() {}

  /**
   * Those that hold for the workload, in the order in which they are asked ({@link Precedence}).
   *
   * @param catalog of those services that callers of the namespace see
   */
  static List<DatabasePolicy> compile(
      List<StoredResource> policies,
      Workload workload,
      String rootNamespace,
      ServiceCatalog catalog) {
    List<DatabasePolicy> selected = new ArrayList<>();
    for (StoredResource stored :
        Precedence.closestFirst(
            policies,
            workload,
            rootNamespace,
            each -> each.resource().spec(DatabasePolicySpec.class).selector)) {
      selected.add(
          filled(
              stored.resource().spec(DatabasePolicySpec.class),
              stored.resource().namespace(),
              catalog));
    }
    return selected;
  }

  /** The policy with the names and endpoints of the services that it is about. */
  private static DatabasePolicy filled(
      DatabasePolicySpec spec, String namespace, ServiceCatalog catalog) {
    DatabasePolicy.Builder policy = spec.policy.toBuilder();
    if (!spec.services.isEmpty()) {
      List<String> hosts = new ArrayList<>(spec.policy.hosts);
      for (String written : spec.services) {
        Service service = catalog.find(catalog.resolve(written, namespace));
        hosts.addAll(service == null ? List.of(written) : service.authorities);
      }
      policy.hosts(hosts);
    }
    DatabaseRedirect redirect = spec.policy.redirect;
    if (redirect != null && spec.redirectService != null) {
      Service service = catalog.find(catalog.resolve(spec.redirectService, namespace));
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
}
