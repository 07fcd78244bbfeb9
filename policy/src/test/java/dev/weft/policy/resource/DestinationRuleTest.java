package dev.weft.policy.resource;

import static dev.weft.policy.resource.ResourceReaderTest.hash;
import static dev.weft.policy.resource.ResourceReaderTest.policyOf;
import static dev.weft.policy.resource.ResourceReaderTest.trafficPolicy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What DestinationRules say about balancing, ports and connections. */
final class DestinationRuleTest {
  @Test
  void readsLocalities() {
    assertThat(locality("distribute: [{from: eu/*, to: {eu/a/*: 80, us/*: 20}}]"))
        .isEqualTo(
            "LocalityBalancing[true, [LocalityDistribution[eu/*, {eu/a/*=80, us/*=20}]], {}, []]");
    assertThat(locality("failover: [{from: eu, to: us}], failoverPriority: [rack, tier=a]"))
        .isEqualTo("LocalityBalancing[true, [], {eu=us}, [rack, tier=a]]");
    assertThat(locality("enabled: false")).isEqualTo("LocalityBalancing[false, [], {}, []]");
    assertThat(locality("distribute: [{from: eu, to: {eu: 80}}]")).contains("100 together, not 80");
    assertThat(locality("distribute: [{from: eu, to: {eu: 0, us: 100}}]")).contains("1 to 100");
    assertThat(locality("distribute: [{from: eu, to: {eu/*: 50, eu/a: 50}}]")).contains("overlap");
    assertThat(locality("distribute: [{from: eu, to: {eu/a: 50, eu/*: 50}}]"))
        .doesNotContain("overlap");
    assertThat(locality("distribute: [{from: eu, to: {us: 100}}, {from: eu/a, to: {eu/a: 100}}]"))
        .contains("overlap");
    assertThat(locality("distribute: [{from: e*u, to: {us: 100}}]")).contains("at its end");
    assertThat(locality("distribute: [{from: eu//b, to: {us: 100}}]")).contains("empty part");
    assertThat(locality("distribute: [{from: a, to: {a: 100}}], failover: [{from: a, to: b}]"))
        .contains("must not stand beside distribute");
    assertThat(locality("failover: [{from: a, to: a}]")).contains("another region");
    assertThat(locality("failover: [{from: a/b, to: c}]")).contains("region alone");
    assertThat(
            locality(
                "failover: [{from: a, to: b}],"
                    + " failoverPriority: [topology.kubernetes.io/zone]"))
        .contains("beside failover");
  }

  private static String locality(String fields) {
    String part = "loadBalancer: {localityLbSetting: {" + fields + "}}, outlierDetection: {}";
    String problems = trafficPolicy(part);
    return problems.isEmpty() ? String.valueOf(policyOf(part).localities) : problems;
  }

  @Test
  void readsOutlierDetection() {
    assertThat(
            policyOf(
                    "outlierDetection: {consecutive5xxErrors: 1, consecutiveGatewayErrors: 2,"
                        + " consecutiveLocalOriginFailures: 3, splitExternalLocalOriginErrors: true,"
                        + " interval: 4s, baseEjectionTime: 5s, maxEjectionPercent: 6,"
                        + " minHealthPercent: 7, outlierDetectionHttpErrorCodes: [508]}")
                .outlierDetection)
        .hasToString("OutlierDetection[1, 2, 3, true, 4000, 5000, 6, 7, [508]]");
    assertThat(
            policyOf("outlierDetection: {consecutive5xxErrors: 4294967295}")
                .outlierDetection
                .consecutive5xxErrors)
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void readsConnectionPools() {
    assertThat(
            policyOf(
                    "connectionPool: {tcp: {maxConnections: 1, connectTimeout: 2s,"
                        + " maxConnectionDuration: 3s}, http: {http1MaxPendingRequests: 4,"
                        + " http2MaxRequests: 5, maxRetries: 6}}")
                .connectionPool)
        .hasToString("ConnectionPool[2000, 1, 4, 5, 0, 6, 0, 3000]");
  }

  @Test
  void eitherLimitOfConnectionsStandsAlone() {
    assertThat(policyOf("connectionPool: {tcp: {maxConnections: 7}}").connectionPool)
        .hasToString("ConnectionPool[0, 7, 0, 0, 0, 0, 0, 0]");
    String pending = "http: {http1MaxPendingRequests: 4}";
    assertThat(warnings("connectionPool: {" + pending + "}"))
        .containsExactly(
            "spec.trafficPolicy.connectionPool.http.http1MaxPendingRequests has no effect: without"
                + " maxConnections no request waits for a connection");
    assertThat(warnings("connectionPool: {tcp: {maxConnections: 7}, " + pending + "}")).isEmpty();
    assertThat(warnings("connectionPool: {tcp: {idleTimeout: 0s, maxConnections: 7}}")).isEmpty();
  }

  private static List<String> warnings(String part) {
    String head =
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\n";
    String text = head + "spec:\n  host: a\n  trafficPolicy: {" + part + "}\n";
    ReadResult read =
        ResourceReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8), "default");
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).warnings().stream()
        .map(problem -> problem.field + " " + problem.message)
        .collect(Collectors.toList());
  }

  @Test
  void readsWarmups() {
    String simple = "loadBalancer: {simple: ROUND_ROBIN, ";
    assertThat(
            policyOf(simple + "warmup: {duration: 60s, minimumPercent: 5, aggression: 2}}").warmup)
        .hasToString("Warmup[60000, 5.0, 2.0]");
    assertThat(policyOf("loadBalancer: {warmupDurationSecs: 30s}").warmup)
        .hasToString("Warmup[30000, 10.0, 1.0]");
    assertThat(policyOf("loadBalancer: {simple: ROUND_ROBIN}").warmup).isNull();
    assertThat(trafficPolicy(simple + "warmup: {}}")).contains("duration").contains("required");
    assertThat(trafficPolicy(simple + "warmup: {duration: 1s, aggression: 0}}"))
        .contains("must be a number from 1");
    assertThat(trafficPolicy("loadBalancer: {simple: RANDOM, warmup: {duration: 1s}}"))
        .contains("not in force");
  }

  @Test
  void readsCookiesThatAreGiven() {
    assertThat(
            hash(
                "httpCookie: {name: a, ttl: 3600s, path: /x,"
                    + " attributes: [{name: SameSite, value: Lax}, {name: Secure}]}"))
        .contains("SessionCookie[3600, /x, {SameSite=Lax, Secure=}]");
    assertThat(hash("httpCookie: {name: a, ttl: 0s}")).contains("SessionCookie[0, , {}]");
    assertThat(hash("httpCookie: {name: a, ttl: 1ms}")).contains("SessionCookie[1, , {}]");
    assertThat(hash("httpCookie: {name: a, path: /x}")).contains("[COOKIE, a, null,");
    assertThat(hash("httpCookie: {name: a, ttl: 1s, path: \"/; Domain=x\"}"))
        .contains("must not have ;");
    assertThat(hash("httpCookie: {name: a, ttl: 1s, attributes: [{name: b}, {name: b}]}"))
        .contains("name of another attribute");
  }

  private static DestinationRuleSpec rule(String... spec) {
    String head =
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\n";
    String text = head + "spec:\n  host: a\n  " + String.join("\n  ", spec) + "\n";
    ReadResult read =
        ResourceReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8), "default");
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(DestinationRuleSpec.class);
  }

  @Test
  void settingsOfAPortInheritNothing() {
    TrafficPolicy policy =
        rule(
                "trafficPolicy:",
                "  loadBalancer: {simple: RANDOM}",
                "  tls: {mode: ISTIO_MUTUAL}",
                "  retryBudget: {percent: 7}",
                "  portLevelSettings:",
                "  - {port: {number: 80}, loadBalancer: {simple: ROUND_ROBIN}}",
                "  - {port: {number: 80}, loadBalancer: {simple: RANDOM}}")
            .trafficPolicy;
    assertThat(policy.loadBalancer).isEqualTo(LoadBalancer.RANDOM);
    assertThat(policy.ports).containsOnlyKeys(80);
    TrafficPolicy port = policy.ports.get(80);
    assertThat(port.loadBalancer).as("the first counts").isEqualTo(LoadBalancer.ROUND_ROBIN);
    assertThat(port.tls).isEqualTo(TlsMode.UNSET);
    assertThat(port.retryBudget.percent).as("ports have none of their own").isEqualTo(7);
  }

  @Test
  void whatASubsetSaysHoldsForPortsToo() {
    TrafficPolicy policy =
        rule(
                "trafficPolicy:",
                "  connectionPool: {http: {http2MaxRequests: 5}}",
                "  portLevelSettings:",
                "  - {port: {number: 80}, loadBalancer: {simple: ROUND_ROBIN}}",
                "  - {port: {number: 81}, loadBalancer: {simple: ROUND_ROBIN}}",
                "subsets:",
                "- name: v1",
                "  trafficPolicy:",
                "    loadBalancer: {simple: RANDOM}",
                "    portLevelSettings:",
                "    - {port: {number: 81}, tls: {mode: DISABLE}}")
            .subsets
            .get(0)
            .trafficPolicy;
    assertThat(policy.loadBalancer).isEqualTo(LoadBalancer.RANDOM);
    assertThat(policy.connectionPool.http2MaxRequests).isEqualTo(5);
    TrafficPolicy ofService = policy.ports.get(80);
    assertThat(ofService.loadBalancer).isEqualTo(LoadBalancer.RANDOM);
    assertThat(ofService.connectionPool.http2MaxRequests).isZero();
    TrafficPolicy own = policy.ports.get(81);
    assertThat(own.loadBalancer).isEqualTo(LoadBalancer.LEAST_REQUEST);
    assertThat(own.tls).isEqualTo(TlsMode.DISABLE);
  }

  @Test
  void portsAreChecked() {
    assertThat(trafficPolicy("portLevelSettings: [{loadBalancer: {simple: RANDOM}}]"))
        .contains("portLevelSettings[0].port: is required");
    assertThat(trafficPolicy("portLevelSettings: [{port: {number: 80}}]"))
        .contains("must have a field beside port");
    assertThat(trafficPolicy("portLevelSettings: [{port: {number: 80}, retryBudget: {}}]"))
        .contains("is not a field of portLevelSettings");
  }

  @Test
  void readsPoolsAndErrorCodes() {
    TrafficPolicy policy =
        policyOf(
            "connectionPool: {tcp: {maxConnectionDuration: 5m},"
                + " http: {h2UpgradePolicy: DO_NOT_UPGRADE, useClientProtocol: true,"
                + " maxRequestsPerConnection: 1}},"
                + " outlierDetection: {outlierDetectionHttpErrorCodes: [429, 503]}");
    assertThat(policy.connectionPool.maxConnectionMillis).isEqualTo(300_000);
    assertThat(policy.connectionPool.maxRequestsPerConnection).isEqualTo(1);
    assertThat(policy.outlierDetection).isNotNull();
    assertThat(policy.outlierDetection.errorCodes).isEqualTo(Arrays.asList(429, 503));
    String upgrade = trafficPolicy("connectionPool: {http: {h2UpgradePolicy: UPGRADE}}");
    assertThat(upgrade).contains("UPGRADE (speaking HTTP/2").contains("not in force");
    assertThat(
            trafficPolicy(
                "connectionPool: {http: {h2UpgradePolicy: UPGRADE, useClientProtocol: true}}"))
        .contains("must not stand beside");
  }

  private static ReadResult annotated(String kind, String value) {
    String text =
        "apiVersion: networking.istio.io/v1\nkind: "
            + kind
            + "\nmetadata: {name: a, annotations: {weft.dev/load-balancer: "
            + value
            + "}}\nspec: {host: a, subsets: [{name: v1}, {name: v2, trafficPolicy:"
            + " {loadBalancer: {simple: RANDOM}}}]}\n";
    return ResourceReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8), "default");
  }

  @Test
  void anAnnotationBalancesByLatency() {
    DestinationRuleSpec spec =
        annotated("DestinationRule", "EWMA").resources().get(0).spec(DestinationRuleSpec.class);
    assertThat(spec.hasTrafficPolicy).isTrue();
    assertThat(spec.trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.EWMA);
    assertThat(spec.subsets.get(0).trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.EWMA);
    assertThat(spec.subsets.get(1).trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.RANDOM);
    assertThat(annotated("DestinationRule", "fast").problems().toString())
        .contains("3:1: metadata.annotations.weft.dev/load-balancer: must be EWMA");
    assertThat(annotated("ServiceEntry", "EWMA").problems().toString())
        .contains("is for DestinationRule only");
  }

  private static String annotations(String annotations) {
    String text =
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a,"
            + " annotations: {"
            + annotations
            + "}}\nspec: {host: a}\n";
    ReadResult read =
        ResourceReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8), "default");
    return read.problems().isEmpty()
        ? String.valueOf(
            read.resources().get(0).spec(DestinationRuleSpec.class).trafficPolicy.healthCheck)
        : read.problems().toString();
  }

  @Test
  void anAnnotationHedges() {
    String text =
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a,"
            + " annotations: {weft.dev/hedge-after: 50ms}}\nspec: {host: a, subsets: [{name: s, labels:"
            + " {v: one}}], trafficPolicy: {portLevelSettings: [{port: {number: 80}, loadBalancer:"
            + " {simple: RANDOM}}]}}\n";
    ReadResult read =
        ResourceReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8), "default");
    assertThat(read.problems()).isEmpty();
    DestinationRuleSpec spec = read.resources().get(0).spec(DestinationRuleSpec.class);
    assertThat(spec.hasTrafficPolicy).isTrue();
    assertThat(spec.trafficPolicy.hedgeAfterMillis).isEqualTo(50);
    assertThat(spec.trafficPolicy.ports.get(80).hedgeAfterMillis).isEqualTo(50);
    assertThat(spec.subsets.get(0).trafficPolicy.hedgeAfterMillis).isEqualTo(50);
  }

  @Test
  void whenToHedgeIsADurationOfAMillisecondAtLeast() {
    assertThat(annotations("weft.dev/hedge-after: 1ms")).isEqualTo("null");
    assertThat(annotations("weft.dev/hedge-after: 0s"))
        .contains("3:1: metadata.annotations.weft.dev/hedge-after: must be at least 1ms");
    assertThat(annotations("weft.dev/hedge-after: 500us")).contains("whole milliseconds");
    assertThat(annotations("weft.dev/hedge-after: soon")).contains("weft.dev/hedge-after");
  }

  @Test
  void anAnnotationAsksForHealth() {
    String check = "weft.dev/health-check: '/ready?deep=no'";
    String interval = ", weft.dev/health-check-interval: ";
    assertThat(annotations(check)).isEqualTo("HealthCheck[/ready?deep=no, 10000]");
    assertThat(annotations(check + interval + "2s")).isEqualTo("HealthCheck[/ready?deep=no, 2000]");
    assertThat(annotations(check + interval + "20ms")).contains("must be at least 1s");
    assertThat(annotations("weft.dev/health-check-interval: 2s")).contains("only beside");
    assertThat(annotations("weft.dev/health-check: ready")).contains("must be a path");
    assertThat(annotations("weft.dev/health-check: '/a b'")).contains("must be a path");
  }

  @Test
  void readsWhichCallersARuleIsFor() {
    assertThat(selecting("matchLabels: {app: web, tier: front}", ""))
        .containsOnly(entry("app", "web"), entry("tier", "front"));
    assertThat(selecting("", "")).as("all of its namespace").isEmpty();
    assertThat(selecting("matchLabels: {app: web}", "exportTo: [.]")).hasSize(1);
    assertThat(selecting("matchLabels: {app: web}", "exportTo: [shop]")).hasSize(1);
    String beyond = "must be . beside workloadSelector";
    assertThat(selectionProblems("matchLabels: {app: web}", "exportTo: ['*']")).contains(beyond);
    assertThat(selectionProblems("matchLabels: {app: web}", "exportTo: [web]")).contains(beyond);
    assertThat(selectionProblems("matchLabels: {app: '*'}", "")).contains("app");
    assertThat(selectionProblems("labels: {app: web}", "")).contains("is not a field");
  }

  private static Map<String, String> selecting(String selector, String more) {
    ReadResult read = selection(selector, more);
    assertThat(read.problems()).isEmpty();
    DestinationRuleSpec spec = read.resources().get(0).spec(DestinationRuleSpec.class);
    assertThat(spec.visibility.isPrivate()).isTrue();
    return spec.selector;
  }

  private static String selectionProblems(String selector, String more) {
    return selection(selector, more).problems().toString();
  }

  private static ReadResult selection(String selector, String more) {
    String yaml =
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: r}\n"
            + "spec: {host: orders, workloadSelector: {"
            + selector
            + "}"
            + (more.isEmpty() ? "" : ", " + more)
            + "}\n";
    return ResourceReader.read("x.yaml", yaml, "shop");
  }
}
