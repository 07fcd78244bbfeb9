package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ServiceEntryTest {
  private static List<String> problems(String kind, String... spec) {
    return ResourceReader.read(
            "f.yaml",
            "apiVersion: networking.istio.io/v1\nkind: "
                + kind
                + "\nmetadata: {name: x, namespace: shop}\nspec:\n  "
                + String.join("\n  ", spec)
                + "\n",
            "default")
        .problems()
        .stream()
        .map(Problem::toString)
        .collect(Collectors.toList());
  }

  private static List<String> entry(String... spec) {
    String[] all = new String[spec.length + 1];
    all[0] = "ports: [{number: 80, name: http, protocol: HTTP}]";
    System.arraycopy(spec, 0, all, 1, spec.length);
    return problems("ServiceEntry", all);
  }

  @Test
  void theProtocolSaysWhetherCallsAreTheMeshs() {
    String entry =
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: e}\n"
            + "spec: {hosts: [a.example], ports: [{number: 9, name: a, protocol: %s}]}\n";
    for (String protocol : new String[] {"HTTP", "grpc", "HTTP2"}) {
      assertThat(spec(String.format(entry, protocol)).routed("a.example")).as(protocol).hasSize(1);
    }
    for (String protocol : new String[] {"TCP", "tls", "HTTPS"}) {
      ServiceEntrySpec spec = spec(String.format(entry, protocol));
      assertThat(spec.routed("a.example")).as(protocol).isEmpty();
      assertThat(spec.untouched("a.example")).as(protocol).containsExactly(9);
    }
  }

  private static ServiceEntrySpec spec(String text) {
    return ResourceReader.read("f.yaml", text, "shop")
        .resources()
        .get(0)
        .spec(ServiceEntrySpec.class);
  }

  @Test
  void takesEachResolution() {
    assertThat(entry("hosts: [a.example]")).isEmpty();
    assertThat(entry("hosts: ['*.example']", "resolution: NONE")).isEmpty();
    assertThat(entry("hosts: [a.example]", "resolution: DNS", "addresses: [192.0.2.1]")).isEmpty();
    assertThat(entry("hosts: [a.example]", "resolution: DNS", "endpoints: [{address: b.example}]"))
        .isEmpty();
    assertThat(
            entry("hosts: [a.example]", "resolution: STATIC", "workloadSelector: {labels: {a: b}}"))
        .isEmpty();
    assertThat(entry("hosts: ['*.example']", "resolution: DYNAMIC_DNS")).isEmpty();
    assertThat(entry("hosts: [a.example]", "addresses: [192.0.2.0/24]")).isEmpty();
  }

  @Test
  void refusesWhatIstioRefuses() {
    assertThat(entry("hosts: ['*.example']", "resolution: DNS").get(0))
        .contains("f.yaml:6:3: spec.hosts: must have no wildcard to be looked up");
    assertThat(
            entry(
                "hosts: [a.example]",
                "resolution: DNS_ROUND_ROBIN",
                "endpoints: [{address: b.example}, {address: c.example}]"))
        .anyMatch(problem -> problem.contains("must have one element"));
    assertThat(entry("hosts: [a.example]", "resolution: DNS", "addresses: [192.0.2.0/24]"))
        .anyMatch(problem -> problem.contains("spec.addresses[0]: must be an address, no block"));
    assertThat(entry("hosts: [a.example]", "addresses: [nowhere]")).hasSize(1);
    assertThat(
            entry(
                "hosts: [a.example]", "resolution: DNS", "endpoints: [{address: 'b.example:80'}]"))
        .anyMatch(problem -> problem.contains("must be an IP address or a host name"));
    assertThat(
            entry(
                "hosts: [a.example]",
                "resolution: STATIC",
                "workloadSelector: {labels: {a: b}}",
                "endpoints: [{address: 192.0.2.1}]"))
        .anyMatch(problem -> problem.contains("must not stand beside endpoints"));
  }

  @Test
  void saysWhatIsNotInForce() {
    assertThat(
            entry(
                    "hosts: [a.example]",
                    "resolution: STATIC",
                    "endpoints: [{address: 192.0.2.1}]",
                    "addresses: [192.0.2.0/24]")
                .get(0))
        .contains("a block of addresses in front of endpoints: not in force");
    assertThat(
            entry("hosts: ['*.example']", "resolution: STATIC", "endpoints: [{address: 192.0.2.1}]")
                .get(0))
        .contains("a host with a wildcard in front of endpoints: not in force");
  }

  private static String warning(String spec) {
    String text =
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: e}\nspec: {"
            + spec
            + "}\n";
    return ResourceReader.read("f.yaml", text, "shop").resources().get(0).warnings().toString();
  }

  @Test
  void warnsOfWhatNobodyCanCall() {
    assertThat(warning("hosts: [a.example]"))
        .contains("spec.hosts: has no effect: without ports no call is one to them");
    String selector = "ports: [{number: 80, name: http}], workloadSelector: {labels: {a: b}}";
    assertThat(warning("hosts: [a.example], " + selector))
        .contains("spec.workloadSelector: has no effect: without resolution");
    assertThat(warning("hosts: [a.example], resolution: STATIC, " + selector)).isEqualTo("[]");
  }

  @Test
  void takesWorkloads() {
    assertThat(problems("WorkloadEntry", "address: 192.0.2.1", "labels: {app: a}")).isEmpty();
    assertThat(problems("WorkloadEntry", "address: vm.example", "ports: {http: 80}")).isEmpty();
    assertThat(problems("WorkloadEntry", "{}").get(0)).contains("spec.address: is required");
    assertThat(problems("WorkloadEntry", "address: 'a.example:80'").get(0))
        .contains("must be an IP address or a host name");
    assertThat(problems("WorkloadEntry", "address: unix://relative").get(0))
        .contains("must name an absolute path");
    assertThat(problems("WorkloadEntry", "address: unix:///a", "serviceAccount: a"))
        .singleElement()
        .asString()
        .contains("a Unix domain socket: not in force");
  }

  @Test
  void takesIdentitiesAndNetworksOfWorkloads() {
    String istio = "labels: {security.istio.io/tlsMode: istio}";
    String disabled = "labels: {security.istio.io/tlsMode: disabled}";
    String address = "address: 192.0.2.1";
    assertThat(problems("WorkloadEntry", address, "serviceAccount: a.b_c-1", istio)).isEmpty();
    assertThat(problems("WorkloadEntry", address, "serviceAccount: a", "network: east")).isEmpty();
    assertThat(problems("WorkloadEntry", address, disabled)).isEmpty();
    assertThat(problems("WorkloadEntry", address, istio).get(0))
        .contains("tlsMode", "mTLS to an endpoint whose serviceAccount is not said: not in force");
    for (String account : new String[] {"a/b", "a b", ".", "a/../b"}) {
      assertThat(problems("WorkloadEntry", address, "serviceAccount: '" + account + "'").get(0))
          .as(account)
          .contains("a service account that no identity can have: not in force");
    }
    assertThat(problems("WorkloadEntry", "network: east").get(0))
        .contains("an endpoint behind a gateway between networks: not in force");
    String one =
        "hosts: [a.example], ports: [{number: 80, name: http}], resolution: STATIC,"
            + " endpoints: [{address: 192.0.2.1, serviceAccount: a}]";
    assertThat(warning(one))
        .contains("spec.endpoints[0].serviceAccount: has no effect: servers outside the mesh");
    assertThat(warning(one + ", location: MESH_INTERNAL")).isEqualTo("[]");
  }
}
