package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.weft.policy.document.Problem;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class SidecarTest {
  private static ReadResult read(String... spec) {
    return ResourceReader.read(
        "f.yaml",
        "apiVersion: networking.istio.io/v1beta1\nkind: Sidecar\n"
            + "metadata: {name: default, namespace: shop}\nspec:\n  "
            + String.join("\n  ", spec)
            + "\n",
        "default");
  }

  private static List<String> problems(String... spec) {
    return read(spec).problems().stream().map(Problem::toString).collect(Collectors.toList());
  }

  private static SidecarSpec accepted(String... spec) {
    ReadResult result = read(spec);
    assertThat(result.problems()).isEmpty();
    return result.resources().get(0).spec(SidecarSpec.class);
  }

  @Test
  void readsSelectorHostsAndMode() {
    SidecarSpec spec =
        accepted(
            "workloadSelector: {labels: {app: web}}",
            "egress: [{hosts: [./*, '*/*.example.com', pay/cards.pay.svc.cluster.local]}]",
            "outboundTrafficPolicy: {mode: ALLOW_ANY}");
    assertThat(spec.selector).containsEntry("app", "web");
    assertThat(spec.outbound).isEqualTo(OutboundTrafficPolicy.ALLOW_ANY);
    EgressScope egress = spec.egress;
    assertThat(egress.hasService("shop", "orders.shop.svc.cluster.local", "shop")).isTrue();
    assertThat(egress.hasService("shop", "orders.shop.svc.cluster.local", "web")).isFalse();
    assertThat(egress.hasService("any", "api.example.com", "shop")).isTrue();
    assertThat(egress.hasService("any", "example.com", "shop")).isFalse();
    assertThat(egress.hasService("pay", "cards.pay.svc.cluster.local", "shop")).isTrue();
    assertThat(egress.hasService("pay", "audit.pay.svc.cluster.local", "shop")).isFalse();
    assertThat(egress.hasService("other", "cards.pay.svc.cluster.local", "shop")).isFalse();
  }

  @Test
  void rulesWithWildcardsAreInScopeWhereTheyOverlap() {
    EgressScope egress = accepted("egress: [{hosts: ['pay/*.pay.local', web/a.web.local]}]").egress;
    assertThat(egress.hasRules("pay", "*.local", "shop")).isTrue();
    assertThat(egress.hasRules("pay", "*.eu.pay.local", "shop")).isTrue();
    assertThat(egress.hasRules("pay", "*.web.local", "shop")).isFalse();
    assertThat(egress.hasRules("web", "*.web.local", "shop")).isTrue();
    assertThat(egress.hasRules("web", "b.web.local", "shop")).isFalse();
  }

  @Test
  void saysNothingAboutWhatItDoesNotName() {
    SidecarSpec spec = accepted("egress: [{hosts: [~/*]}]");
    assertThat(spec.egress.hasService("shop", "a.b", "shop")).isFalse();
    assertThat(spec.outbound).isNull();
    assertThat(accepted("outboundTrafficPolicy: {}").outbound)
        .isEqualTo(OutboundTrafficPolicy.REGISTRY_ONLY);
    assertThat(accepted("outboundTrafficPolicy: {}").egress).isNull();
  }

  @Test
  void refusesWhatIstioRefuses() {
    for (String host :
        Arrays.asList(
            "orders", "/", "./orders", "shop/", "/a.b", "sh op/*", "~In_valid/*", "a/*b*")) {
      assertThat(problems("egress: [{hosts: ['" + host + "']}]"))
          .as(host)
          .singleElement()
          .asString()
          .startsWith("f.yaml:5:21: spec.egress[0].hosts[0]: must");
    }
    assertThat(problems("{}").get(0)).contains("it says nothing");
    assertThat(problems("egress: [{hosts: []}]")).hasSize(1);
    assertThat(problems("egress: [{hosts: ['*/foo.com']}, {hosts: [ns1/bar.com]}]").get(0))
        .contains("spec.egress[0]: must be the last without a port");
  }

  @Test
  void readsPortsOfCalls() {
    EgressScope egress =
        accepted(
                "egress:",
                "- {port: {number: 8080, protocol: HTTP, name: web}, hosts: [./*]}",
                "- {port: {number: 8443, protocol: HTTPS}, hosts: [./*, pay/*]}",
                "- {hosts: [istio-system/*]}")
            .egress;
    assertThat(egress.ports("shop", "a.b", "shop")).containsExactly(8080, 8443);
    assertThat(egress.ports("pay", "a.b", "shop")).containsExactly(8443);
    assertThat(egress.ports("istio-system", "a.b", "shop")).as("any").isEmpty();
    assertThat(egress.hasService("web", "a.b", "shop")).isFalse();
    assertThat(egress.hasRules("pay", "a.b", "shop")).isTrue();
    String twice = "{port: {number: 80}, hosts: [./*]}";
    assertThat(problems("egress: [" + twice + ", " + twice + "]").get(0))
        .contains("egress[1].port.number: is the number of another");
    assertThat(problems("egress: [{port: {number: 0}, hosts: [./*]}]").get(0))
        .contains("0 is for a Unix domain socket");
    String file = "egress: [{port: {number: %d}, bind: 'unix:///a', hosts: [./*]}]";
    assertThat(problems(String.format(file, 0)).get(0)).contains("a Unix domain socket: not in");
    assertThat(problems(String.format(file, 80)).get(0)).contains("must be an IP address");
    assertThat(problems("egress: [{port: {number: 80, targetPort: 81}, hosts: [./*]}]")).hasSize(1);
    assertThat(problems("egress: [{port: {number: 80, protocol: SMTP}, hosts: [./*]}]")).hasSize(1);
  }

  private static List<String> warnings(String... spec) {
    accepted(spec);
    return read(spec).resources().get(0).warnings().stream()
        .map(problem -> problem.field + " " + problem.message)
        .collect(Collectors.toList());
  }

  @Test
  void listenersOfAProxyHaveNoEffect() {
    assertThat(
            warnings(
                "egress: [{port: {number: 80}, bind: 127.0.0.1, captureMode: NONE, hosts: [./*]}]",
                "ingress: [{port: {number: 90}, bind: '::1', captureMode: IPTABLES,"
                    + " defaultEndpoint: '[::1]:9999'}]"))
        .containsExactlyInAnyOrder(
            "spec.egress[0].bind has no effect: nothing listens for what the application sends",
            "spec.egress[0].captureMode has no effect: nothing listens for what the application"
                + " sends",
            "spec.ingress[0].port has no effect: the application is reached where it listens"
                + " itself",
            "spec.ingress[0].bind has no effect: the application is reached where it listens"
                + " itself",
            "spec.ingress[0].captureMode has no effect: the application is reached where it"
                + " listens itself",
            "spec.ingress[0].defaultEndpoint has no effect: the application is reached where it"
                + " listens itself");
    for (String endpoint : Arrays.asList(":80", "127.0.0.1:80", "0.0.0.0:80", "unix:///a")) {
      assertThat(ingress("defaultEndpoint: '" + endpoint + "'")).isEmpty();
    }
    for (String endpoint :
        Arrays.asList("80", "10.0.0.1:80", "[::1]:x", "unix://a", "unix:///", "a:80")) {
      assertThat(ingress("defaultEndpoint: '" + endpoint + "'")).as(endpoint).hasSize(1);
    }
    assertThat(ingress("bind: a.b")).hasSize(1);
    assertThat(problems("ingress: [{bind: 127.0.0.1}]").get(0)).contains("port: is required");
    assertThat(problems("ingress: [{port: {number: 0}}]")).hasSize(1);
    String twice = "{port: {number: 80}}";
    assertThat(problems("ingress: [" + twice + ", " + twice + "]")).hasSize(1);
  }

  private static List<String> ingress(String more) {
    return problems("ingress: [{port: {number: 80}, " + more + "}]");
  }

  @Test
  void readsHowManyRequestsAreTakenAtATime() {
    assertThat(pool("http: {http2MaxRequests: 7}")).isEqualTo(7);
    assertThat(pool("tcp: {maxConnections: 3}, http: {http1MaxPendingRequests: 2}")).isEqualTo(5);
    String both = "tcp: {maxConnections: 3}, http: {http1MaxPendingRequests: 2, ";
    assertThat(pool(both + "http2MaxRequests: 4}")).isEqualTo(4);
    assertThat(pool(both + "http2MaxRequests: 9}")).isEqualTo(5);
    String most = "" + Integer.MAX_VALUE;
    assertThat(pool("tcp: {maxConnections: " + most + "}, http: {http1MaxPendingRequests: 1}"))
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(pool("http: {}")).isZero();
    assertThat(
            warnings(
                "inboundConnectionPool: {tcp: {connectTimeout: 1s},"
                    + " http: {http1MaxPendingRequests: 1, maxRequestsPerConnection: 1,"
                    + " maxRetries: 1, h2UpgradePolicy: UPGRADE, useClientProtocol: true}}"))
        .hasSize(6);
    assertThat(problems("inboundConnectionPool: {}")).hasSize(1);
    assertThat(problems("inboundConnectionPool: {tcp: {maxConnections: 1}}").get(0))
        .contains("maxConnections without http1MaxPendingRequests: not in force");
    assertThat(
            problems(
                "inboundConnectionPool: {tcp: {idleTimeout: 1s, tcpKeepalive: {},"
                    + " maxConnectionDuration: 1s}, http: {idleTimeout: 1s, http2KeepAlive: {},"
                    + " maxConcurrentStreams: 1}}"))
        .hasSize(6)
        .allMatch(problem -> problem.contains("which the server sets: not in force"));
  }

  private static int pool(String fields) {
    return accepted("inboundConnectionPool: {" + fields + "}").mostRequests;
  }

  @Test
  void readsHowManyRequestsAPortTakesAtATime() {
    SidecarSpec spec =
        accepted(
            "inboundConnectionPool: {http: {http2MaxRequests: 7}}",
            "ingress:",
            "- {port: {number: 80, protocol: HTTP, name: web},"
                + " connectionPool: {http: {http2MaxRequests: 3}}}",
            "- {port: {number: 81}, defaultEndpoint: '127.0.0.1:8081',"
                + " connectionPool: {tcp: {maxConnections: 2}, http: {http1MaxPendingRequests: 2}}}",
            "- {port: {number: 82}, defaultEndpoint: '[::1]:8082',"
                + " connectionPool: {http: {http1MaxPendingRequests: 2}}}",
            "- {port: {number: 83, protocol: TCP, name: db},"
                + " connectionPool: {http: {http2MaxRequests: 9}}}",
            "- {port: {number: 84}, defaultEndpoint: 'unix:///a',"
                + " connectionPool: {http: {http2MaxRequests: 5}}}",
            "- {port: {number: 85}}");
    assertThat(spec.mostRequests).isEqualTo(7);
    assertThat(spec.mostRequestsByPort)
        .containsExactly(entry(80, 3), entry(8081, 4), entry(8082, 0), entry(83, 0), entry(84, 5));
    assertThat(
            warnings(
                "ingress: [{port: {number: 83, protocol: TCP}, defaultEndpoint: ':83',"
                    + " connectionPool: {http: {http2MaxRequests: 9}}}]"))
        .containsExactly(
            "spec.ingress[0].connectionPool.http has no effect: the port's protocol is TCP");
    assertThat(ingress("connectionPool: {}")).hasSize(1);
    assertThat(ingress("connectionPool: {tcp: {maxConnections: 1}}").get(0))
        .contains("maxConnections without http1MaxPendingRequests: not in force");
  }

  @Test
  void refusesByNameWhatIsNotInForce() {
    assertThat(
            problems(
                "ingress: [{port: {number: 80}, tls: {mode: SIMPLE},"
                    + " connectionPool: {tcp: {idleTimeout: 1s}}}]",
                "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a.b}}"))
        .hasSize(3)
        .allMatch(problem -> problem.contains("not in force in Weft yet"));
    assertThat(problems("outboundTrafficPolicy: {egressProxy: {host: a.b}}"))
        .anyMatch(problem -> problem.contains("needs mode ALLOW_ANY"));
  }
}
