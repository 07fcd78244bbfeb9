package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.weft.policy.document.Problem;
import dev.weft.policy.snapshot.ReadinessProbe;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class WorkloadGroupTest {
  private static ReadResult read(String... spec) {
    return ResourceReader.read(
        "g.yaml",
        "apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\n"
            + "metadata: {name: orders, namespace: shop}\nspec:\n  "
            + String.join("\n  ", spec)
            + "\n",
        "default");
  }

  private static WorkloadGroupSpec spec(String... spec) {
    ReadResult read = read(spec);
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(WorkloadGroupSpec.class);
  }

  private static List<String> problems(String... spec) {
    return read(spec).problems().stream().map(Problem::toString).collect(Collectors.toList());
  }

  @Test
  void saysWhatItsInstancesHave() {
    WorkloadGroupSpec group =
        spec(
            "metadata: {labels: {version: v1, team: a}}",
            "template:",
            "  labels: {team: b, tier: back}",
            "  ports: {grpc: 9090, http-main: 8080}",
            "  locality: eu/a/1",
            "  network: vpn",
            "  weight: 3",
            "  serviceAccount: orders");
    assertThat(group.name).isEqualTo("orders");
    assertThat(group.labels)
        .containsOnly(
            entry("version", "v1"),
            entry("team", "a"),
            entry("tier", "back"),
            entry("topology.istio.io/network", "vpn"));
    assertThat(group.ports).containsOnly(entry("grpc", 9090), entry("http-main", 8080));
    assertThat(group.port()).as("the one for HTTP").isEqualTo(8080);
    assertThat(group.locality).isEqualTo("eu/a/1");
    assertThat(group.weight).isEqualTo(3);
    assertThat(group.serviceAccount).isEqualTo("orders");
    assertThat(group.probe).isNull();
    assertThat(spec("template: {}").weight).isEqualTo(1);
    assertThat(spec("template: {}").port()).isZero();
  }

  @Test
  void readsProbesWithTheDefaultsOfKubernetes() {
    assertThat(spec("template: {}", "probe: {httpGet: {port: 8080}}").probe)
        .isEqualTo(ReadinessProbe.builder().port(8080).build());
    assertThat(spec("template: {}", "probe: {tcpSocket: {port: 5432, host: db}}").probe)
        .isEqualTo(
            ReadinessProbe.builder()
                .method(ReadinessProbe.Method.TCP)
                .port(5432)
                .host("db")
                .build());
    assertThat(
            spec(
                    "template: {}",
                    "probe:",
                    "  initialDelaySeconds: 5",
                    "  timeoutSeconds: 2",
                    "  periodSeconds: 4",
                    "  successThreshold: 2",
                    "  failureThreshold: 1",
                    "  httpGet: {port: 8443, host: 127.0.0.1, path: ready, scheme: HTTPS,",
                    "    httpHeaders: [{name: X-Probe, value: 'yes'}]}")
                .probe)
        .isEqualTo(
            ReadinessProbe.builder()
                .method(ReadinessProbe.Method.HTTPS)
                .host("127.0.0.1")
                .port(8443)
                .path("/ready")
                .headers(Collections.singletonMap("X-Probe", "yes"))
                .initialDelaySeconds(5)
                .timeoutSeconds(2)
                .periodSeconds(4)
                .successThreshold(2)
                .failureThreshold(1)
                .build());
  }

  @Test
  void refusesWhatIstioRefuses() {
    assertThat(problems("metadata: {}").get(0)).contains("spec.template", "required");
    assertThat(problems("template: {}", "probe: {}"))
        .singleElement()
        .asString()
        .contains("g.yaml:6:", "must have one of httpGet, tcpSocket, grpc and exec");
    assertThat(problems("template: {}", "probe: {httpGet: {}}").get(0)).contains("port");
    assertThat(problems("template: {}", "probe: {tcpSocket: {port: 65536}}").get(0))
        .contains("65535");
    assertThat(problems("template: {}", "probe: {httpGet: {port: 1, scheme: ftp}}")).hasSize(1);
    assertThat(problems("template: {}", "probe: {exec: {}}"))
        .anyMatch(problem -> problem.contains("command: is required"));
    assertThat(problems("template: {}", "probe: {grpc: {port: 0}}"))
        .anyMatch(problem -> problem.contains("grpc.port: must be from 1 to 65535"));
    assertThat(problems("template: {}", "metadata: {labels: {'a b': c}}")).hasSize(1);
    assertThat(problems("template: {}", "probe: {tcpSocket: {port: 1}, periodSeconds: -1}"))
        .hasSize(1);
    assertThat(problems("template: {}", "probe: {httpGet: {port: 1, path: \"/a\\r\\nb: c\"}}"))
        .as("a request that is two")
        .hasSize(1);
  }

  @Test
  void refusesByNameWhatTheAgentCannotAsk() {
    assertThat(problems("template: {}", "probe: {grpc: {port: 9090}}"))
        .singleElement()
        .asString()
        .contains("a probe by gRPC", "not in force");
    assertThat(problems("template: {}", "probe: {exec: {command: [ls]}}"))
        .singleElement()
        .asString()
        .contains("a probe by a command", "not in force");
  }

  @Test
  void warnsOfWhatSaysNothing() {
    ReadResult read = read("metadata: {annotations: {a: b}}", "template: {address: 192.0.2.1}");
    assertThat(read.problems()).isEmpty();
    assertThat(read.resources().get(0).warnings())
        .extracting(warning -> warning.field)
        .containsExactlyInAnyOrder("spec.metadata.annotations", "spec.template.address");
  }
}
