package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.mesh.Workload;
import dev.weft.policy.snapshot.Snapshot;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies that are attached to services hold for their instances, and for nobody else. */
class PolicyTargetsTest extends MeshUnderTest {
  @BeforeEach
  void policies() {
    for (String namespace : new String[] {"shop", "istio-system"}) {
      apply(
          """
          apiVersion: security.istio.io/v1
          kind: AuthorizationPolicy
          metadata: {name: a, namespace: %1$s}
          spec:
            targetRefs:
            - {kind: Service, name: orders}
            - {group: gateway.networking.k8s.io, kind: Gateway, name: web}
            action: DENY
            rules: [{}]
          ---
          apiVersion: security.istio.io/v1
          kind: RequestAuthentication
          metadata: {name: a, namespace: %1$s}
          spec:
            targetRef: {kind: Service, name: orders}
            jwtRules: [{issuer: %1$s, jwksUri: "https://keys.example"}]
          ---
          apiVersion: telemetry.istio.io/v1
          kind: Telemetry
          metadata: {name: a, namespace: %1$s}
          spec:
            targetRef: {kind: Service, name: orders}
            accessLogging: [{disabled: true}]
          """
              .formatted(namespace));
    }
  }

  private Snapshot of(String namespace, String service) {
    return new SnapshotCompiler()
        .compile(view(1), new Workload(namespace, Map.of("app", service), service, "", null));
  }

  @Test
  void theInstancesOfTheServiceInThatNamespaceHaveThem() {
    Snapshot orders = of("shop", "orders");
    assertThat(orders.inbound.authorization)
        .extracting(each -> each.namespace)
        .containsExactly("shop");
    assertThat(orders.inbound.jwtRules).extracting(each -> each.issuer).containsExactly("shop");
    assertThat(orders.telemetry).isNotNull();
  }

  @Test
  void nobodyElseHas() {
    for (Snapshot other :
        new Snapshot[] {of("shop", "web"), of("other", "orders"), of("shop", "")}) {
      assertThat(other.inbound.authorization).isEmpty();
      assertThat(other.inbound.jwtRules).isEmpty();
      assertThat(other.telemetry).isNull();
    }
  }
}
