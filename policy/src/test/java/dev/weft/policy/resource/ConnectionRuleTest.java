package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code tcp} and {@code tls} of a VirtualService. */
final class ConnectionRuleTest {
  private static final Map<String, String> NO_LABELS = Collections.emptyMap();

  private static ReadResult read(String... spec) {
    return ResourceReader.read(
        "f.yaml",
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\n"
            + "metadata: {name: x, namespace: shop}\nspec:\n  "
            + String.join("\n  ", spec)
            + "\n",
        "default");
  }

  private static List<String> problems(String... spec) {
    return read(spec).problems().stream().map(Problem::toString).collect(Collectors.toList());
  }

  private static ConnectionRule rule(String... spec) {
    ReadResult read = read(spec);
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(VirtualServiceSpec.class).connectionRules.get(0);
  }

  private static @Nullable Route route(ConnectionRule rule) {
    return rule.route("shop", NO_LABELS, "db.example.com"::equals);
  }

  @Test
  void tcpGoesByPortAndCaller() {
    ConnectionRule byPort =
        rule(
            "hosts: [db.example.com]",
            "tcp:",
            "- match: [{port: 5432}, {port: 5433}]",
            "  route:",
            "  - {destination: {host: db, subset: v1}, weight: 90}",
            "  - {destination: {host: db, port: {number: 5433}, subset: v2}, weight: 10}");
    Route route = route(byPort);
    assertThat(route).isNotNull();
    assertThat(route.matches)
        .containsExactly(
            RouteMatch.builder().port(5432).build(), RouteMatch.builder().port(5433).build());
    assertThat(route.backends)
        .containsExactly(
            Backend.builder().host("db").subset("v1").weight(90).build(),
            Backend.builder().host("db").subset("v2").port(5433).weight(10).build());

    ConnectionRule byCaller =
        rule(
            "hosts: [db.example.com]",
            "tcp:",
            "- match:",
            "  - {sourceNamespace: web}",
            "  - {sourceLabels: {app: shop}}",
            "  - {port: 1, gateways: [edge]}",
            "  route: [{destination: {host: db}}]");
    Predicate<String> any = host -> true;
    assertThat(byCaller.route("shop", NO_LABELS, any)).isNull();
    assertThat(byCaller.route("web", NO_LABELS, any)).isEqualTo(byCaller.route());
    assertThat(byCaller.route("shop", Collections.singletonMap("app", "shop"), any)).isNotNull();
    Set<String> keys = new HashSet<>();
    byCaller.addSourceLabels(keys);
    assertThat(keys).containsExactly("app");
  }

  @Test
  void tlsGoesByTheNameOfTheServer() {
    ConnectionRule rule =
        rule(
            "hosts: ['*.example.com']",
            "tls:",
            "- match: [{sniHosts: [db.example.com], port: 5432}]",
            "  route: [{destination: {host: db}}]");
    assertThat(route(rule)).isNotNull();
    assertThat(rule.route("shop", NO_LABELS, "web.example.com"::equals)).isNull();
  }

  @Test
  void refusesWhatIstioRefuses() {
    String hosts = "hosts: [db.example.com]";
    assertThat(problems(hosts, "tcp: [{match: [{port: 1}]}]").get(0)).contains("route");
    assertThat(problems(hosts, "tls: [{route: [{destination: {host: a}}]}]").get(0))
        .contains("match");
    assertThat(
            problems(hosts, "tls: [{match: [{sniHosts: []}], route: [{destination: {host: a}}]}]"))
        .hasSize(1);
    assertThat(
            problems(
                hosts,
                "tls: [{match: [{sniHosts: [web.example.com]}], route: [{destination: {host:"
                    + " a}}]}]"))
        .singleElement()
        .asString()
        .contains("sniHosts[0]: must be one of spec.hosts");
    assertThat(
            problems(
                hosts,
                "tls: [{match: [{sniHosts: [192.0.2.1]}], route: [{destination: {host: a}}]}]"))
        .as("an address is left alone")
        .isEmpty();
    assertThat(
            problems(hosts, "tcp: [{route: [{destination: {host: a}}, {destination: {host: b}}]}]"))
        .singleElement()
        .asString()
        .contains("must give the destinations weights");
    assertThat(problems("tcp: [{route: [{destination: {host: a}}]}]"))
        .anyMatch(problem -> problem.contains("must not stand in a VirtualService without hosts"));
    assertThat(problems(hosts, "tcp: []")).singleElement().asString().contains("at least one");
  }

  @Test
  void subnetsAreRefusedByName() {
    assertThat(
            problems(
                "hosts: [db.example.com]",
                "tcp:",
                "- match: [{destinationSubnets: [10.0.0.0/8], sourceSubnet: 10.1.0.0/16}]",
                "  route: [{destination: {host: a}}]"))
        .hasSize(2)
        .allMatch(problem -> problem.contains("not in force"));
  }

  @Test
  void saysForWhichConnectionsItHolds() {
    assertThat(
            read("hosts: [a.example]", "tcp: [{route: [{destination: {host: a}}]}]")
                .resources()
                .get(0)
                .warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.field).isEqualTo("spec.tcp"))
        .satisfies(
            warning ->
                assertThat(warning.message)
                    .isEqualTo(
                        "has no effect: but for connections of plain sockets to names in"
                            + " mesh.virtual-addresses"));
  }
}
