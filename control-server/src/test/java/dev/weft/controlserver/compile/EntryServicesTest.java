package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of ServiceEntries and WorkloadEntries. */
class EntryServicesTest extends MeshUnderTest {
  private void entry(String spec) {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: e%d, namespace: shop}
        spec:
        %s
        """
            .formatted(policy.size(), spec.indent(2)));
  }

  private List<String> endpoints(String host) {
    return service("shop", host).endpoints.stream()
        .map(endpoint -> endpoint.address + ":" + endpoint.port)
        .toList();
  }

  @Test
  void hostsThatAreLookedUpAnswerUnderTheirNames() {
    entry(
        """
        hosts: [api.example.com]
        resolution: DNS
        ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]
        """);
    entry(
        """
        hosts: [one.example.com]
        resolution: DNS_ROUND_ROBIN
        ports: [{number: 80, name: http}]
        endpoints: [{address: lb.example.net, ports: {http: 81}}]
        """);
    entry(
        """
        hosts: [own.example.com]
        ports: [{number: 80, name: http, protocol: HTTP2, targetPort: 8080}]
        """);
    assertThat(endpoints("api.example.com")).containsExactly("api.example.com:8080");
    assertThat(endpoints("one.example.com")).containsExactly("lb.example.net:81");
    assertThat(endpoints("own.example.com"))
        .as("NONE: the address and port of the caller")
        .containsExactly("own.example.com:80");
  }

  @Test
  void aRuleHasCallsToAServerOutsideSecured() {
    entry(
        """
        hosts: [api.example.com]
        resolution: DNS
        ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]
        subjectAltNames: [entry.example.com]
        """);
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: api, namespace: shop}
        spec:
          host: api.example.com
          trafficPolicy:
            tls: {mode: SIMPLE, caCertificates: /etc/ca.pem, subjectAltNames: [www.example.com]}
          subsets:
          - name: own
            trafficPolicy:
              tls: {mode: MUTUAL, clientCertificate: /etc/c.pem, privateKey: /etc/c.key}
        """);
    assertThat(endpoints("api.example.com")).containsExactly("api.example.com:443");
    TrafficPolicy policy = service("shop", "api.example.com").trafficPolicy;
    assertThat(policy.tls).isEqualTo(TlsMode.SIMPLE);
    assertThat(policy.origination.caCertificates).isEqualTo("/etc/ca.pem");
    assertThat(policy.subjectAltNames).containsExactly("www.example.com");
    TrafficPolicy own = service("shop", "api.example.com").subsets.get(0).trafficPolicy;
    assertThat(own.tls).isEqualTo(TlsMode.MUTUAL);
    assertThat(own.origination.privateKey).isEqualTo("/etc/c.key");
    assertThat(own.subjectAltNames).as("of the entry").containsExactly("entry.example.com");
  }

  @Test
  void portsThatNoRequestIsReadOnAreLeftToTheApplication() {
    entry(
        """
        hosts: [api.example.com, "*.api.example.com"]
        addresses: [192.0.2.10]
        resolution: NONE
        ports:
        - {number: 80, name: http, protocol: HTTP}
        - {number: 443, name: https, protocol: HTTPS}
        - {number: 5432, name: pg, protocol: TCP}
        """);
    Service routed = service("shop", "api.example.com");
    assertThat(routed.ports).containsExactly(80);
    assertThat(routed.authorities).containsExactly("api.example.com", "192.0.2.10");
    Service untouched = service("shop", "api.example.com|untouched");
    assertThat(untouched.name).isEqualTo("api.example.com");
    assertThat(untouched.ports).containsExactly(443, 5432);
    assertThat(untouched.authorities).containsExactly("api.example.com", "192.0.2.10");
    assertThat(untouched.trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.PASSTHROUGH);
    Service wild = service("shop", "*.api.example.com|untouched");
    assertThat(wild.ports).as("requests to a wildcard, too").containsExactly(80, 443, 5432);
    assertThat(wild.authorities).containsExactly("*.api.example.com");
    assertThat(wild.endpoints).isEmpty();
    assertThat(compile("shop", Map.of()).services).hasSize(3);
  }

  @Test
  void choosesWorkloadsAndInstancesOfItsNamespaceByLabel() {
    instance("i1", "orders", "shop", 8080);
    instance("i2", "orders", "web", 8080);
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: {name: vm, namespace: shop}
        spec: {address: 10.0.0.9, ports: {http: 7070}, labels: {app: orders}, weight: 3}
        ---
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: {name: plain, namespace: shop}
        spec: {address: 10.0.0.8, labels: {app: orders}}
        ---
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: {name: other, namespace: shop}
        spec: {address: 10.0.0.7, labels: {app: web}}
        ---
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: {name: elsewhere, namespace: web}
        spec: {address: 10.0.0.6, labels: {app: orders}}
        """);
    String spec =
        """
        hosts: [%s]
        location: %s
        resolution: STATIC
        ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8888}]
        workloadSelector: {labels: {app: orders}}
        """;
    entry(spec.formatted("in.example.com", "MESH_INTERNAL"));
    entry(spec.formatted("out.example.com", "MESH_EXTERNAL"));
    assertThat(endpoints("in.example.com"))
        .containsExactly("10.0.0.1:8080", "10.0.0.8:8888", "10.0.0.9:7070");
    List<Endpoint> chosen = service("web", "in.example.com").endpoints;
    assertThat(chosen).extracting(endpoint -> endpoint.mtls).containsExactly(true, false, false);
    assertThat(chosen.get(2).weight).isEqualTo(3);
    assertThat(service("web", "out.example.com").endpoints)
        .as("no mTLS of the mesh outside of it")
        .noneMatch(endpoint -> endpoint.mtls);
  }

  @Test
  void anEndpointWithAnAccountIsSpokenToOverMeshTlsAsThatAccount() {
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: {name: vm, namespace: shop}
        spec: {address: 10.0.0.9, labels: {app: legacy}, serviceAccount: legacy, network: east}
        """);
    entry(
        """
        hosts: [chosen.example.com]
        location: MESH_INTERNAL
        resolution: STATIC
        ports: [{number: 80, name: http, protocol: HTTP}]
        workloadSelector: {labels: {app: legacy}}
        """);
    Endpoint chosen = service("web", "chosen.example.com").endpoints.get(0);
    assertThat(chosen.mtls).isTrue();
    assertThat(chosen.spiffeId).isEqualTo("spiffe://cluster.local/ns/shop/sa/legacy");
    assertThat(chosen.labels).containsEntry("topology.istio.io/network", "east");
    String given =
        """
        hosts: [%s]
        location: %s
        resolution: STATIC
        ports: [{number: 80, name: http, protocol: HTTP}]
        endpoints:
        - {address: 10.0.0.1, serviceAccount: a}
        - {address: 10.0.0.2, serviceAccount: b, labels: {security.istio.io/tlsMode: istio}}
        - {address: 10.0.0.3, serviceAccount: c, labels: {security.istio.io/tlsMode: disabled}}
        - {address: 10.0.0.4}
        """;
    entry(given.formatted("in.example.com", "MESH_INTERNAL"));
    entry(given.formatted("out.example.com", "MESH_EXTERNAL"));
    String mesh = "spiffe://cluster.local/ns/shop/sa/";
    assertThat(service("web", "in.example.com").endpoints)
        .extracting(endpoint -> endpoint.spiffeId)
        .containsExactly(mesh + "a", mesh + "b", null, null);
    assertThat(service("web", "in.example.com").endpoints)
        .extracting(endpoint -> endpoint.mtls)
        .containsExactly(true, true, false, false);
    assertThat(service("web", "out.example.com").endpoints)
        .noneMatch(endpoint -> endpoint.mtls || endpoint.spiffeId != null);
  }

  @Test
  void aSidecarLetsInBothHalvesOfAHost() {
    entry(
        """
        hosts: [api.example.com]
        resolution: DNS
        ports:
        - {number: 80, name: http, protocol: HTTP}
        - {number: 443, name: https, protocol: HTTPS}
        """);
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: {name: s, namespace: shop}
        spec: {egress: [{hosts: ["*/api.example.com"]}]}
        """);
    assertThat(compile("shop", Map.of()).services).hasSize(2);
  }

  @Test
  void eachPortForHttpIsAServiceOfTheSameHost() {
    entry(
        """
        hosts: [api.example.com]
        resolution: STATIC
        ports:
        - {number: 80, name: http, protocol: HTTP, targetPort: 8000}
        - {number: 9090, name: admin, protocol: HTTP2}
        - {number: 443, name: tls, protocol: TLS}
        endpoints: [{address: 192.0.2.1, ports: {admin: 9999}}]
        """);
    entry(
        """
        hosts: [other.example.com]
        resolution: DNS
        ports: [{number: 80, name: http}]
        """);
    assertThat(endpoints("api.example.com")).containsExactly("192.0.2.1:8000");
    assertThat(endpoints("api.example.com:9090")).containsExactly("192.0.2.1:9999");
    Service admin = service("shop", "api.example.com:9090");
    assertThat(admin.ports).containsExactly(9090);
    assertThat(admin.authorities).containsExactly("api.example.com");
    assertThat(admin.name).isEqualTo("api.example.com");
    assertThat(service("shop", "api.example.com|untouched").ports).containsExactly(443);
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: api, namespace: shop}
        spec: {host: api.example.com, trafficPolicy: {loadBalancer: {simple: RANDOM}}}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: api, namespace: shop}
        spec:
          hosts: [api.example.com, other.example.com]
          http:
          - match: [{uri: {prefix: /first}}]
            route: [{destination: {host: api.example.com, port: {number: 80}}}]
          - match: [{uri: {prefix: /admin}}]
            route: [{destination: {host: api.example.com, port: {number: 9090}}}]
          - route: [{destination: {host: api.example.com}}]
        """);
    assertThat(service("shop", "api.example.com:9090").trafficPolicy.loadBalancer)
        .isEqualTo(LoadBalancer.RANDOM);
    assertThat(backends("api.example.com:9090"))
        .as("where no port is named, the one that is called")
        .containsExactly("api.example.com", "api.example.com:9090", "api.example.com:9090");
    assertThat(backends("api.example.com"))
        .containsExactly("api.example.com", "api.example.com:9090", "api.example.com");
    assertThat(backends("other.example.com"))
        .containsExactly("api.example.com", "api.example.com:9090", "api.example.com");
  }

  private List<String> backends(String host) {
    return service("shop", host).routes.stream().map(route -> route.backends.get(0).host).toList();
  }

  @Test
  void blocksOfAddressesAreKnownAndLeftToTheApplication() {
    entry(
        """
        hosts: [range.example.com]
        addresses: [192.0.2.10, 198.51.100.0/24]
        ports:
        - {number: 80, name: http, protocol: HTTP}
        - {number: 9000, name: tcp, protocol: TCP}
        """);
    assertThat(service("shop", "range.example.com").authorities)
        .containsExactly("range.example.com", "192.0.2.10");
    Service untouched = service("shop", "range.example.com|untouched");
    assertThat(untouched.authorities)
        .containsExactly("range.example.com", "192.0.2.10", "198.51.100.0/24");
    assertThat(untouched.ports).containsExactly(80, 9000);
  }

  @Test
  void whatNobodyCanCallIsNoService() {
    entry("hosts: [api.example.com]");
    assertThat(compile("shop", Map.of()).services).isEmpty();
    instance("i1", "orders", "shop", 8080);
    entry(
        """
        hosts: [none.example.com]
        ports: [{number: 80, name: http}]
        workloadSelector: {labels: {app: orders}}
        """);
    assertThat(endpoints("none.example.com"))
        .as("without a resolution the caller finds the address")
        .containsExactly("none.example.com:80");
    entry(
        """
        hosts: ["*.dyn.example.com"]
        resolution: DYNAMIC_DNS
        ports: [{number: 80, name: http}]
        """);
    assertThat(service("shop", "*.dyn.example.com|untouched").ports).containsExactly(80);
  }
}
