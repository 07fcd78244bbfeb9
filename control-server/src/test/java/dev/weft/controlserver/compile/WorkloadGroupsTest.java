package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.resource.WorkloadGroupSpec;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.ReadinessProbe;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class WorkloadGroupsTest extends MeshUnderTest {
  private void group(String name, String spec) {
    apply(
        "apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\nmetadata: {name: "
            + name
            + ", namespace: shop}\nspec:\n"
            + spec.indent(2));
  }

  private void orders(UnaryOperator<InstanceReport.Builder> change) {
    orders(change, true);
  }

  private void orders(UnaryOperator<InstanceReport.Builder> change, boolean confirmed) {
    InstanceReport report =
        change
            .apply(
                InstanceReport.builder()
                    .service("orders")
                    .namespace("shop")
                    .address("10.0.0.1")
                    .port(8080)
                    .mtls(true))
            .build();
    instances.add(
        new RegisteredInstance(
            "i" + instances.size(),
            new WorkloadIdentity("cluster.local", "shop", "orders"),
            report,
            START,
            true,
            confirmed));
  }

  private Endpoint endpoint() {
    return service("shop", "orders.shop.svc.cluster.local").endpoints.get(0);
  }

  /** Where its snapshot says that the instance is. */
  private String told() {
    Workload workload = Workload.of(view(1).instances().get(0));
    return new SnapshotCompiler().compile(view(1), workload).locality;
  }

  @Test
  void anInstanceHasWhatItsGroupSaysUnlessItSaysItself() {
    orders(report -> report.labels(Map.of("version", "v2")));
    group(
        "orders",
        """
        metadata: {labels: {version: v1, team: a, app: orders-vm}}
        template:
          labels: {team: b, tier: back}
          locality: eu/a/1
          weight: 3
          network: vpn
          serviceAccount: orders
          ports: {http: 9999}
        """);
    Endpoint endpoint = endpoint();
    assertThat(endpoint.labels)
        .containsEntry("version", "v2")
        .containsEntry("team", "a")
        .containsEntry("tier", "back")
        .containsEntry("app", "orders-vm")
        .containsEntry("topology.istio.io/network", "vpn");
    assertThat(endpoint.locality).isEqualTo("eu/a/1");
    assertThat(endpoint.weight).isEqualTo(3);
    assertThat(endpoint.port).as("the agent knows its port better").isEqualTo(8080);
    assertThat(endpoint.mtls).isTrue();
    assertThat(told()).as("for its own calls").isEqualTo("eu/a/1");
    instances.clear();
    orders(report -> report.locality("us/b/2"));
    assertThat(endpoint().locality).isEqualTo("us/b/2");
    assertThat(told()).as("it knows better").isEmpty();
  }

  @Test
  void aServerThatTheAgentDoesNotFindAnswersAtThePortOfItsGroup() {
    orders(report -> report.port(0).mtls(false));
    assertThat(service("shop", "orders.shop.svc.cluster.local").endpoints).isEmpty();
    group("orders", "template: {ports: {tcp: 7000, http: 9090}}");
    assertThat(endpoint().port).isEqualTo(9090);
    assertThat(endpoint().mtls).isFalse();
  }

  @Test
  void aLabelNamesAnotherGroupAndTheAccountMustBeTheGroups() {
    orders(report -> report.labels(Map.of(WorkloadGroupSpec.LABEL, "vms")));
    group("orders", "template: {weight: 2}");
    assertThat(endpoint().weight).isEqualTo(1);
    group("vms", "template: {weight: 5}");
    assertThat(endpoint().weight).isEqualTo(5);
    policy.clear();
    group("vms", "template: {weight: 5, serviceAccount: payments}");
    assertThat(endpoint().weight).as("another account").isEqualTo(1);
    policy.clear();
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: WorkloadGroup
        metadata: {name: vms, namespace: web}
        spec: {template: {weight: 7}}
        """);
    assertThat(endpoint().weight).as("another namespace").isEqualTo(1);
  }

  @Test
  void policySelectsByTheLabelsOfTheGroup() {
    orders(report -> report);
    group("orders", "metadata: {labels: {tier: back}}\ntemplate: {}");
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders, namespace: shop}
        spec: {host: orders, subsets: [{name: back, labels: {tier: back}}]}
        """);
    Workload workload = Workload.of(view(1).instances().get(0));
    assertThat(workload.has(Map.of("tier", "back"))).isTrue();
    assertThat(service("shop", "orders.shop.svc.cluster.local").subsets.get(0).labels)
        .isEqualTo(Map.of("tier", "back"));
  }

  @Test
  void aServiceEntryFindsItsPortByName() {
    orders(report -> report);
    String entry =
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: e%s, namespace: shop}
        spec:
          hosts: [%s.example.com]
          location: MESH_INTERNAL
          resolution: STATIC
          ports: [{number: 80, name: %s, protocol: HTTP}]
          workloadSelector: {labels: {app: orders}}
        """;
    apply(entry.formatted("a", "a", "admin"));
    apply(entry.formatted("b", "b", "http"));
    group("orders", "template: {ports: {admin: 9000}}");
    Endpoint admin = service("shop", "a.example.com").endpoints.get(0);
    assertThat(admin.port).isEqualTo(9000);
    assertThat(admin.mtls).as("nothing is known of that port").isFalse();
    Endpoint http = service("shop", "b.example.com").endpoints.get(0);
    assertThat(http.port).isEqualTo(8080);
    assertThat(http.mtls).isTrue();
  }

  @Test
  void theProbeGoesToTheInstanceAndWhatItFindsToCallers() {
    String probe = "template: {}\nprobe: {httpGet: {port: 8080, path: /ready}}";
    group("orders", probe);
    orders(report -> report);
    assertThat(endpoint().ready).as("it has just come, and has not asked").isFalse();
    Workload workload = Workload.of(view(1).instances().get(0));
    assertThat(new SnapshotCompiler().compile(view(1), workload).probe)
        .isEqualTo(ReadinessProbe.builder().port(8080).path("/ready").build());
    instances.clear();
    orders(report -> report.snapshotVersion(4));
    assertThat(endpoint().ready).as("it was there before its probe").isTrue();
    instances.clear();
    orders(report -> report.snapshotVersion(4).ready(false));
    assertThat(endpoint().ready).isFalse();
    instances.clear();
    orders(report -> report.ready(true));
    assertThat(endpoint().ready).isTrue();
    instances.clear();
    orders(report -> report, false);
    assertThat(endpoint().ready).as("remembered over a restart of the server").isTrue();
    policy.clear();
    instances.clear();
    orders(report -> report.ready(false));
    assertThat(endpoint().ready).as("no probe any more").isTrue();
  }
}
