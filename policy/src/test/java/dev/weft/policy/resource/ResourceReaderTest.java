package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Source;
import dev.weft.policy.snapshot.StringMatch;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ResourceReaderTest {
  @Test
  void readsAVirtualService() {
    Resource resource =
        accepted(
            "apiVersion: networking.istio.io/v1alpha3",
            "kind: VirtualService",
            "metadata: {name: orders, namespace: shop, labels: {team: a}}",
            "spec:",
            "  hosts: [orders]",
            "  http:",
            "  - name: canary",
            "    match:",
            "    - uri: {prefix: /v2}",
            "      headers: {X-User: {exact: jane}, x-any: {}}",
            "      authority: {exact: Orders}",
            "      port: 8080",
            "    route:",
            "    - {destination: {host: orders, subset: v2, port: {number: 80}}, weight: 90}",
            "    - {destination: {host: orders.shop.svc}, weight: 10}",
            "    timeout: 1.5s",
            "    retries: {attempts: 3, perTryTimeout: 250ms, retryOn: '5xx,429'}",
            "    fault: {delay: {fixedDelay: 10ms, percentage: {value: 0.5}}}",
            "    headers: {request: {set: {x-rate: 5%%}, remove: [x-gone]}}",
            "  - route: [{destination: {host: orders}}]");
    VirtualServiceSpec spec = resource.spec(VirtualServiceSpec.class);
    Route route = spec.rules.get(0).routes("shop", Collections.emptyMap()).get(0);
    assertThat(resource).hasToString("virtualservice.networking.istio.io/orders");
    assertThat(resource.namespace()).isEqualTo("shop");
    assertThat(resource.labels()).containsEntry("team", "a");
    assertThat(spec.hosts).containsExactly("orders");
    assertThat(route.name).isEqualTo("canary");
    assertThat(route.timeoutMillis).isEqualTo(1500);
    assertThat(route.matches.get(0).uri).isEqualTo(StringMatch.prefix("/v2"));
    assertThat(route.matches.get(0).headers)
        .containsEntry("x-user", StringMatch.exact("jane"))
        .containsEntry("x-any", StringMatch.present());
    assertThat(route.matches.get(0).authority).isEqualTo(StringMatch.exact("orders"));
    assertThat(route.backends).extracting(backend -> backend.weight).containsExactly(90, 10);
    assertThat(route.backends.get(0).subset).isEqualTo("v2");
    assertThat(route.retries)
        .isEqualTo(
            RetryPolicy.defaults().toBuilder()
                .attempts(3)
                .perTryTimeoutMillis(250)
                .retryOn(Collections.singletonList("5xx"))
                .retriableStatusCodes(Collections.singletonList(429))
                .build());
    assertThat(route.fault.delayMillis).isEqualTo(10);
    assertThat(route.fault.delayPercent).isEqualTo(0.5);
    assertThat(route.headers.request.set).containsEntry("x-rate", "5%");
    assertThat(spec.rules.get(1).route().backends.get(0).weight).isEqualTo(100);
    assertThat(spec.rules.get(1).route().retries).isNull();
  }

  @Test
  void readsADestinationRuleAndMergesSubsets() {
    DestinationRuleSpec spec =
        accepted(
                "apiVersion: networking.istio.io/v1beta1",
                "kind: DestinationRule",
                "metadata: {name: orders}",
                "spec:",
                "  host: orders",
                "  trafficPolicy:",
                "    loadBalancer: {simple: ROUND_ROBIN}",
                "    connectionPool: {tcp: {connectTimeout: 5ms}, http: {http2MaxRequests: 7}}",
                "    outlierDetection: {consecutive5xxErrors: 3, baseEjectionTime: 1m}",
                "  subsets:",
                "  - name: v1",
                "    labels: {version: v1}",
                "    trafficPolicy: {loadBalancer: {simple: RANDOM}, tls: {mode: DISABLE}}")
            .spec(DestinationRuleSpec.class);
    assertThat(spec.trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.ROUND_ROBIN);
    assertThat(spec.trafficPolicy.tls).isEqualTo(TlsMode.UNSET);
    assertThat(spec.subsets.get(0).trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.RANDOM);
    assertThat(spec.subsets.get(0).trafficPolicy.tls).isEqualTo(TlsMode.DISABLE);
    assertThat(spec.subsets.get(0).trafficPolicy.connectionPool.connectTimeoutMillis).isEqualTo(5);
    assertThat(spec.subsets.get(0).trafficPolicy.outlierDetection.baseEjectionMillis)
        .isEqualTo(60_000);
    assertThat(spec.subsets.get(0).trafficPolicy.outlierDetection.intervalMillis).isEqualTo(10_000);
  }

  @Test
  void readsAPeerAuthentication() {
    PeerAuthenticationSpec spec =
        accepted(
                "apiVersion: security.istio.io/v1",
                "kind: PeerAuthentication",
                "metadata: {name: strict}",
                "spec:",
                "  selector: {matchLabels: {app: orders}}",
                "  mtls: {mode: STRICT}",
                "  portLevelMtls: {8080: {mode: DISABLE}, 8081: {mode: UNSET}}")
            .spec(PeerAuthenticationSpec.class);
    assertThat(spec.mode).isEqualTo(MtlsMode.STRICT);
    assertThat(spec.selector).containsEntry("app", "orders");
    assertThat(spec.portModes).containsOnlyKeys(8080).containsEntry(8080, MtlsMode.DISABLE);
  }

  @Test
  void readsAnAuthorizationPolicy() {
    AuthorizationPolicy policy =
        accepted(
                "apiVersion: security.istio.io/v1",
                "kind: AuthorizationPolicy",
                "metadata: {name: viewers, namespace: shop}",
                "spec:",
                "  action: DENY",
                "  rules:",
                "  - from: [{source: {serviceAccounts: [web, other/web]}}]",
                "    to: [{operation: {methods: [GET], paths: ['/api/{*}/x']}}]",
                "    when: [{key: 'request.headers[x-tier]', notValues: [gold]}]")
            .spec(AuthorizationPolicySpec.class)
            .policy;
    assertThat(policy.action).isEqualTo(AuthorizationPolicy.Action.DENY);
    assertThat(policy.name).isEqualTo("viewers");
    assertThat(policy.rules.get(0).from.get(0).serviceAccounts)
        .containsExactly("shop/web", "other/web");
    assertThat(policy.rules.get(0).to.get(0).paths).containsExactly("/api/{*}/x");
    assertThat(policy.rules.get(0).when.get(0).notValues).containsExactly("gold");
  }

  @Test
  void readsEveryFieldOfADestinationsRetriesAndEjections() {
    TrafficPolicy policy =
        accepted(
                "apiVersion: networking.istio.io/v1",
                "kind: DestinationRule",
                "metadata: {name: orders}",
                "spec:",
                "  host: orders",
                "  trafficPolicy:",
                "    connectionPool: {http: {maxRetries: 4, useClientProtocol: true}}",
                "    retryBudget: {percent: 12.5, minRetryConcurrency: 2, budgetInterval: 4s}",
                "    outlierDetection:",
                "      consecutiveErrors: 9",
                "      consecutiveGatewayErrors: 3",
                "      consecutiveLocalOriginFailures: 2",
                "      splitExternalLocalOriginErrors: true",
                "      minHealthPercent: 40")
            .spec(DestinationRuleSpec.class)
            .trafficPolicy;
    assertThat(policy.connectionPool.maxRetries).isEqualTo(4);
    assertThat(policy.retryBudget.percent).isEqualTo(12.5);
    assertThat(policy.retryBudget.minRetryConcurrency).isEqualTo(2);
    assertThat(policy.retryBudget.budgetIntervalMillis).isEqualTo(4_000);
    assertThat(policy.outlierDetection.consecutiveGatewayErrors).isEqualTo(3);
    assertThat(policy.outlierDetection.consecutiveLocalOriginFailures).isEqualTo(2);
    assertThat(policy.outlierDetection.splitExternalLocalOriginErrors).isTrue();
    assertThat(policy.outlierDetection.minHealthPercent).isEqualTo(40);
    assertThat(policy.outlierDetection.consecutive5xxErrors)
        .as("consecutiveErrors has no effect")
        .isEqualTo(OutlierDetection.builder().build().consecutive5xxErrors);
  }

  @Test
  void readsWhatAnAuthorizationPolicyExcepts() {
    AuthorizationPolicy policy =
        accepted(
                "apiVersion: security.istio.io/v1",
                "kind: AuthorizationPolicy",
                "metadata: {name: others, namespace: shop}",
                "spec:",
                "  rules:",
                "  - from:",
                "    - source:",
                "        notPrincipals: [td/ns/a/sa/b]",
                "        notNamespaces: [ns1]",
                "        ipBlocks: [10.0.0.0/8]",
                "        notIpBlocks: [10.1.0.0/16]",
                "    to:",
                "    - operation:",
                "        notHosts: [h]",
                "        notPorts: ['1']",
                "        notMethods: [PUT]",
                "        notPaths: [/p]",
                "    when: [{key: 'request.headers[a]', values: [b]}]")
            .spec(AuthorizationPolicySpec.class)
            .policy;
    Source source = policy.rules.get(0).from.get(0);
    assertThat(source.notPrincipals).containsExactly("td/ns/a/sa/b");
    assertThat(source.notNamespaces).containsExactly("ns1");
    assertThat(source.ipBlocks).containsExactly("10.0.0.0/8");
    assertThat(source.notIpBlocks).containsExactly("10.1.0.0/16");
    Operation operation = policy.rules.get(0).to.get(0);
    assertThat(operation.notHosts).containsExactly("h");
    assertThat(operation.notPorts).containsExactly("1");
    assertThat(operation.notMethods).containsExactly("PUT");
    assertThat(operation.notPaths).containsExactly("/p");
    assertThat(policy.rules.get(0).when.get(0).values).containsExactly("b");
  }

  @Test
  void readsAServiceEntry() {
    ServiceEntrySpec spec =
        accepted(
                "apiVersion: networking.istio.io/v1",
                "kind: ServiceEntry",
                "metadata: {name: legacy}",
                "spec:",
                "  hosts: [legacy.example.com]",
                "  location: MESH_INTERNAL",
                "  resolution: STATIC",
                "  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]",
                "  endpoints:",
                "  - {address: 10.0.0.1, labels: {version: v1}, locality: r/z, weight: 3}",
                "  - {address: '2001:db8::1', ports: {http: 9090}}")
            .spec(ServiceEntrySpec.class);
    assertThat(spec.external).isFalse();
    assertThat(spec.port.number).isEqualTo(80);
    assertThat(spec.endpointsOf("x", spec.port))
        .extracting(endpoint -> endpoint.port)
        .containsExactly(8080, 9090);
    assertThat(spec.endpointsOf("x", spec.port).get(0).locality).isEqualTo("r/z");
    assertThat(spec.endpointsOf("x", spec.port))
        .extracting(endpoint -> endpoint.weight)
        .containsExactly(3, 1);
  }

  @Test
  void writesYamlAndJsonThatItReadsBack() {
    Resource resource =
        accepted(
            "apiVersion: security.istio.io/v1",
            "kind: AuthorizationPolicy",
            "metadata: {name: a, annotations: {note: 'yes'}}",
            "spec:",
            "  rules:",
            "  - from: [{source: {namespaces: ['no', '1e3', '010']}}]",
            "  - {}");
    for (String text : new String[] {resource.toYaml(), resource.toJson()}) {
      ReadResult again = ResourceReader.read("again", text, "other");
      assertThat(again.problems()).isEmpty();
      assertThat(again.resources().get(0).sameContent(resource)).isTrue();
    }
    assertThat(resource.toMap("2026-11-21T00:00:00Z", "7").get("metadata").toString())
        .contains("creationTimestamp=2026-11-21T00:00:00Z", "resourceVersion=7");
  }

  @Test
  void readsWhatGetPrints() {
    String list =
        "apiVersion: v1\nkind: List\nitems:\n"
            + "- apiVersion: security.istio.io/v1\n"
            + "  kind: PeerAuthentication\n"
            + "  metadata: {name: a, creationTimestamp: null, resourceVersion: '7', uid: u}\n"
            + "  spec: {}\n"
            + "  status: {}\n";
    assertThat(ResourceReader.read("x", list, "default").resources()).hasSize(1);
  }

  @Test
  void reportsEveryProblemWithItsPlace() {
    List<String> problems =
        problems(
            "apiVersion: networking.istio.io/v1",
            "kind: VirtualService",
            "metadata: {name: Orders}",
            "spec:",
            "  hosts: [orders]",
            "  http:",
            "  - route: [{destination: {host: orders, subst: v1}, weight: -1}]",
            "    fault: {abort: {http2Error: CANCEL}}",
            "    timout: 1s",
            "    timeout: 5",
            "---",
            "apiVersion: networking.istio.io/v2",
            "kind: DestinationRul",
            "metadata: {name: a}",
            "spec: {}",
            "---",
            "apiVersion: networking.istio.io/v1",
            "kind: EnvoyFilter",
            "metadata: {name: a}",
            "spec: {}");
    assertThat(problems)
        .containsExactly(
            "x.yaml:3:18: metadata.name: must be a name in lower case (letters, digits, - and .),"
                + " not \"Orders\"",
            "x.yaml:7:42: spec.http[0].route[0].destination.subst: is not a field of destination;"
                + " did you mean subset?",
            "x.yaml:7:62: spec.http[0].route[0].weight: must be a whole number of at least 0, not"
                + " \"-1\"",
            "x.yaml:8:21: spec.http[0].fault.abort.http2Error: aborting with an HTTP/2 error, which"
                + " Istio refuses, too: not in force in Weft yet; take it out to apply the rest",
            "x.yaml:9:5: spec.http[0].timout: is not a field of http; did you mean timeout?",
            "x.yaml:10:14: spec.http[0].timeout: must be a duration such as 500ms or 10s; add a"
                + " unit to 5",
            "x.yaml:13:7: kind: Weft has no kind \"DestinationRul\"; did you mean"
                + " DestinationRule?",
            "x.yaml:18:7: kind: EnvoyFilter: not in force in Weft yet; take it out to apply the"
                + " rest");
  }

  @Test
  void judgesYamlTrapsByTheTypeOfTheField() {
    assertThat(http("match: [{uri: {exact: no}}]")).contains("takes no for a boolean; put it in");
    assertThat(http("match: [{uri: {exact: 1e3}}]")).contains("takes 1e3 for a number");
    assertThat(http("match: [{uri: {exact: 'no'}}]")).isEmpty();
    assertThat(http("match: [{port: 010}]")).contains("in decimal digits, without leading zeros");
    assertThat(http("match: [{port: 1e3}]")).contains("in decimal digits");
    assertThat(http("match: [{port: '80'}]")).contains("without quotes");
    assertThat(http("match: [{ignoreUriCase: on}]")).contains("must be true or false, not \"on\"");
    assertThat(http("timeout:")).contains("has no value; give a duration");
    assertThat(http("match: {}")).contains("must be a list, not an object");
  }

  @Test
  void checksWhatSpansFields() {
    assertThat(http("retries: {attempts: 0, retryOn: 5xx}")).contains("must be at least 1");
    assertThat(http("retries: {attempts: 1, retryOn: '5xx, reset'}"))
        .contains("\" reset\" is none");
    assertThat(http("retries: {attempts: 1, retryOn: retriable-headers}"))
        .contains("the retry condition retriable-headers: not in force");
    assertThat(http("fault: {}")).contains("must have a delay, an abort or both");
    assertThat(http("fault: {abort: {httpStatus: 700}}")).contains("from 200 to 600");
    assertThat(http("fault: {abort: {grpcStatus: UNAVAILABLE}}")).isEmpty();
    assertThat(http("fault: {abort: {grpcStatus: unavailable}}")).contains("UNAVAILABLE");
    assertThat(http("fault: {abort: {httpStatus: 503, grpcStatus: UNAVAILABLE}}"))
        .contains("one of httpStatus and grpcStatus");
    assertThat(http("match: [{uri: {exact: a, prefix: b}}]")).contains("one of exact, prefix");
    assertThat(http("match: [{uri: {regex: '(?=a)'}}]")).contains("must be an RE2 expression");
    assertThat(http("headers: {request: {set: {x: '%START_TIME%'}}}"))
        .contains("Envoy's operators in %...%: not in force");
    assertThat(http("headers: {response: {set: {x: 100%}}}")).contains("percent sign twice");
  }

  @Test
  void refusesTheSameResourceTwice() {
    String one =
        "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\nspec: {}\n";
    assertThat(ResourceReader.read("x", one + "---\n" + one, "default").problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message).contains("is in this text already, at 1:1"));
  }

  @Test
  void refusesATextWithoutResources() {
    assertThat(ResourceReader.read("x", "# nothing\n---\n", "default").problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message).contains("no resource"));
    assertThat(ResourceReader.read("x", "- a\n", "default").accepted()).isFalse();
    assertThat(ResourceReader.read("x", "a", "default").accepted()).isFalse();
  }

  @Test
  void knowsKindsByTheNamesThatKubectlTakes() {
    assertThat(ResourceKind.named("vs")).isSameAs(ResourceKind.VIRTUAL_SERVICE);
    assertThat(ResourceKind.named("VirtualServices")).isSameAs(ResourceKind.VIRTUAL_SERVICE);
    assertThat(ResourceKind.named("serviceentry.networking.istio.io"))
        .isSameAs(ResourceKind.SERVICE_ENTRY);
    assertThat(ResourceKind.named("pods")).isNull();
  }

  @Test
  void refusesLimitsThatNobodyActsOn() {
    assertThat(trafficPolicy("connectionPool: {tcp: {idleTimeout: 1s}}"))
        .contains("idle timeout of TCP connections, which the client sets: not in force");
    assertThat(trafficPolicy("connectionPool: {tcp: {idleTimeout: 0s}}")).isEmpty();
    assertThat(trafficPolicy("connectionPool: {tcp: {idleTimeout: -1s}}")).contains("must");
    assertThat(trafficPolicy("connectionPool: {http: {idleTimeout: 1s}}"))
        .contains("idle timeout of HTTP connections, which the client sets: not in");
    assertThat(trafficPolicy("loadBalancer: {simple: PASSTHROUGH}")).contains("not in force");
    assertThat(trafficPolicy("{}")).contains("must have at least one field");
  }

  @Test
  void readsConsistentHashes() {
    assertThat(hash("httpHeaderName: x-user"))
        .isEqualTo("ConsistentHash[HEADER, x-user, null, RING_HASH, 1024]");
    assertThat(hash("httpCookie: {name: user}, ringHash: {minimumRingSize: 99}"))
        .isEqualTo("ConsistentHash[COOKIE, user, null, RING_HASH, 99]");
    assertThat(hash("httpQueryParameterName: user, minimumRingSize: 7"))
        .isEqualTo("ConsistentHash[QUERY_PARAMETER, user, null, RING_HASH, 7]");
    assertThat(hash("httpHeaderName: a, maglev: {tableSize: 251}"))
        .isEqualTo("ConsistentHash[HEADER, a, null, MAGLEV, 251]");
    assertThat(hash("httpHeaderName: a, maglev: {}")).contains("tableSize");
    assertThat(hash("httpHeaderName: a, minimumRingSize: 5, ringHash: {}"))
        .contains("must not stand beside ringHash or maglev");
    assertThat(hash("httpHeaderName: a, maglev: {tableSize: 1000}")).contains("prime number");
    assertThat(hash("httpHeaderName: a, httpCookie: {name: b}"))
        .contains("must not stand beside httpHeaderName");
    assertThat(hash("httpHeaderName: a, ringHash: {}, maglev: {tableSize: 251}"))
        .contains("must not stand beside ringHash");
    assertThat(hash("httpHeaderName: a, minimumRingSize: 300000"))
        .contains("a ring of more than 262144 points: not in force");
    assertThat(hash("httpHeaderName: a, ringHash: {minimumRingSize: 300000}"))
        .contains("a ring of more than 262144 points: not in force");
    assertThat(hash("minimumRingSize: 5")).contains("without a key: not in force");
    assertThat(hash("useSourceIp: true"))
        .isEqualTo("ConsistentHash[SOURCE, , null, RING_HASH, 1024]");
    assertThat(hash("useSourceIp: false")).contains("without a key: not in force");
    assertThat(trafficPolicy("loadBalancer: {simple: RANDOM, consistentHash: {httpHeaderName: a}}"))
        .contains("must not stand beside simple");
  }

  /** What the agent gets, or what is wrong with it. */
  static String hash(String fields) {
    String part = "loadBalancer: {consistentHash: {" + fields + "}}";
    String problems = trafficPolicy(part);
    if (!problems.isEmpty()) {
      return problems;
    }
    return String.valueOf(policyOf(part).consistentHash);
  }

  static TrafficPolicy policyOf(String part) {
    return accepted(
            "apiVersion: networking.istio.io/v1",
            "kind: DestinationRule",
            "metadata: {name: a}",
            "spec:",
            "  host: a",
            "  trafficPolicy: {" + part + "}")
        .spec(DestinationRuleSpec.class)
        .trafficPolicy;
  }

  static String trafficPolicy(String part) {
    return String.join(
        "\n",
        problems(
            "apiVersion: networking.istio.io/v1",
            "kind: DestinationRule",
            "metadata: {name: a}",
            "spec:",
            "  host: a",
            "  trafficPolicy: " + (part.equals("{}") ? part : "{" + part + "}")));
  }

  /** Returns the message about one field of an otherwise right http route, or nothing. */
  private static String http(String field) {
    List<String> problems =
        problems(
            "apiVersion: networking.istio.io/v1",
            "kind: VirtualService",
            "metadata: {name: a}",
            "spec:",
            "  hosts: [a]",
            "  http:",
            "  - route: [{destination: {host: a}}]",
            "    " + field);
    return String.join("\n", problems);
  }

  private static List<String> problems(String... lines) {
    List<String> result = new ArrayList<>();
    for (Problem problem :
        ResourceReader.read("x.yaml", String.join("\n", lines), "default").problems()) {
      result.add(problem.toString());
    }
    return result;
  }

  private static Resource accepted(String... lines) {
    ReadResult result = ResourceReader.read("x.yaml", String.join("\n", lines), "default");
    assertThat(result.problems()).isEmpty();
    assertThat(result.resources()).hasSize(1);
    return result.resources().get(0);
  }
}
