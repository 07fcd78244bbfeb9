package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Subset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** For which callers a DestinationRule with a {@code workloadSelector} holds, and before which. */
class CallerSelectionTest extends MeshUnderTest {
  private static final String ORDERS = "orders.shop.svc.cluster.local";
  private static final Map<String, String> WEB = Map.of("app", "web", "version", "v1");

  private final SnapshotCompiler compiler = new SnapshotCompiler();
  private int version;

  @BeforeEach
  void register() {
    known.add(new KnownService("shop", "orders"));
  }

  /** A rule that is told by the timeout it gives. */
  private void rule(String namespace, String host, String selector, int seconds) {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: r%1$d, namespace: %2$s}
        spec:
          host: "%3$s"
          %4$s
          subsets: [{name: s%1$d, labels: {a: b}}]
          trafficPolicy: {connectionPool: {tcp: {connectTimeout: %1$ds}}}
        """
            .formatted(
                seconds,
                namespace,
                host,
                selector.isEmpty() ? "" : "workloadSelector: {matchLabels: " + selector + "}"));
    version++;
  }

  private Service orders(String namespace, Map<String, String> labels) {
    return compiler.compile(view(version), new Workload(namespace, labels)).services.stream()
        .filter(service -> service.host.equals(ORDERS))
        .findFirst()
        .orElseThrow();
  }

  private long seconds(String namespace, Map<String, String> labels) {
    return orders(namespace, labels).trafficPolicy.connectionPool.connectTimeoutMillis / 1000;
  }

  private List<String> subsets(Map<String, String> labels) {
    return orders("shop", labels).subsets.stream().map((Subset subset) -> subset.name).toList();
  }

  @Test
  void aSelectingRuleComesBeforeWhatIsForAllWhicheverIsOlder() {
    rule("shop", "orders", "", 1);
    rule("shop", "orders", "{app: web}", 2);
    rule("shop", "orders", "", 3);
    assertThat(seconds("shop", WEB)).isEqualTo(2);
    assertThat(subsets(WEB))
        .as("what it leaves open is as for all")
        .containsExactly("s2", "s1", "s3");
    assertThat(seconds("shop", Map.of("app", "pay"))).isEqualTo(1);
    assertThat(subsets(Map.of("app", "pay"))).as("nothing of it").containsExactly("s1", "s3");
    assertThat(seconds("web", WEB)).as("another namespace").isEqualTo(1);
  }

  @Test
  void ofSeveralSelectionsThatOfTheOldestHoldsAndTheSameAreMerged() {
    rule("shop", "orders", "{version: v1}", 1);
    rule("shop", "orders", "{app: web}", 2);
    rule("shop", "orders", "{version: v1}", 3);
    assertThat(seconds("shop", WEB)).isEqualTo(1);
    assertThat(subsets(WEB)).containsExactly("s1", "s3");
    assertThat(seconds("shop", Map.of("app", "web"))).isEqualTo(2);
    assertThat(seconds("shop", Map.of())).as("none is for it").isZero();
  }

  @Test
  void whatSelectsOthersHidesNothing() {
    rule("shop", "orders", "{app: other}", 1);
    rule("shop", "*.shop.svc.cluster.local", "", 2);
    assertThat(seconds("shop", WEB)).as("a wildcard stands behind it").isEqualTo(2);
    rule("web", ORDERS, "{app: other}", 3);
    assertThat(seconds("web", WEB)).as("the service's namespace, too").isEqualTo(2);
    assertThat(seconds("web", Map.of("app", "other"))).isEqualTo(3);
    rule("web", ORDERS, "{}", 4);
    assertThat(seconds("web", WEB)).as("without labels for all of its namespace").isEqualTo(4);
    assertThat(seconds("shop", WEB)).isEqualTo(2);
  }

  @Test
  void inTheRootNamespaceItSelectsCallersThereAlone() {
    rule("istio-system", "*.local", "{app: web}", 1);
    assertThat(seconds("istio-system", WEB)).isEqualTo(1);
    assertThat(seconds("shop", WEB)).isZero();
  }
}
