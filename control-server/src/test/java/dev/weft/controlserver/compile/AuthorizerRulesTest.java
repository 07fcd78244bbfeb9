package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom policies of action CUSTOM ask, as agents get it. */
class AuthorizerRulesTest extends MeshUnderTest {
  private static final String HOST = "authz.security.svc.cluster.local";

  private static final String POLICY =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: %s, namespace: shop}
      spec: {action: %s, rules: [{}]}
      """;

  @BeforeEach
  void mesh() {
    known.add(new KnownService("security", "authz"));
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: MeshConfig
        metadata: {name: mesh, namespace: istio-system}
        spec:
          extensionProviders:
          - name: authz
            envoyExtAuthzHttp:
              service: security/authz.security.svc.cluster.local
              port: 8000
              timeout: 250ms
              failOpen: true
              includeRequestBodyInCheck: {maxRequestBytes: 100, allowPartialMessage: true}
          - name: short
            envoyExtAuthzHttp: {service: security/authz, port: 8000}
          - name: nowhere
            envoyExtAuthzHttp: {service: nowhere.security.svc.cluster.local, port: 8000}
          - {name: metrics, prometheus: {}}
        """);
  }

  private List<ExternalAuthorizer> authorizers() {
    return compile("shop", Map.of()).inbound.authorizers;
  }

  @Test
  void theProviderGoesOutWithTheHostOfItsService() {
    assertThat(authorizers()).as("nobody asks").isEmpty();
    apply(POLICY.formatted("a", "CUSTOM, provider: {name: authz}"));
    assertThat(authorizers())
        .containsExactly(
            ExternalAuthorizer.builder()
                .name("authz")
                .host(HOST)
                .port(8000)
                .timeoutMillis(250)
                .failOpen(true)
                .maxRequestBytes(100)
                .allowPartialMessage(true)
                .build());
    apply(POLICY.formatted("b", "CUSTOM, provider: {name: short}"));
    assertThat(authorizers()).extracting(each -> each.host).containsExactly(HOST, HOST);
    assertThat(compile("web", Map.of()).inbound.authorizers).isEmpty();
  }

  @Test
  void whoCannotBeAskedIsLeftOutSoThatAgentsRefuse() {
    apply(POLICY.formatted("a", "CUSTOM, provider: {name: nowhere}"));
    apply(POLICY.formatted("b", "CUSTOM, provider: {name: metrics}"));
    apply(POLICY.formatted("c", "CUSTOM, provider: {name: nobody}"));
    Snapshot snapshot = compile("shop", Map.of());
    assertThat(snapshot.inbound.authorizers).isEmpty();
    assertThat(snapshot.inbound.authorization).hasSize(3);
  }

  @Test
  void customComesBeforeDenyAndAllow() {
    apply(POLICY.formatted("a", "ALLOW"));
    apply(POLICY.formatted("b", "DENY"));
    apply(POLICY.formatted("c", "CUSTOM, provider: {name: authz}"));
    assertThat(compile("shop", Map.of()).inbound.authorization)
        .extracting(policy -> policy.name)
        .containsExactly("c", "b", "a");
  }

  @Test
  void anAgentReachesTheAuthorizerWhateverItsSidecarLeavesTheApplication() {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: narrow, namespace: shop}
        spec: {egress: [{hosts: ["./*"]}]}
        """);
    assertThat(compile("shop", Map.of()).services)
        .extracting(service -> service.host)
        .doesNotContain(HOST);
    apply(POLICY.formatted("a", "CUSTOM, provider: {name: authz}"));
    List<Service> services = compile("shop", Map.of()).services;
    assertThat(services).extracting(service -> service.host).contains(HOST).isSorted();
    assertThat(services)
        .filteredOn(service -> service.host.equals(HOST))
        .allSatisfy(service -> assertThat(service.authorities).isEmpty());
  }
}
