package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.policy.InstrumentationStatus;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.StringMatch;
import dev.weft.policy.snapshot.Subset;
import dev.weft.policy.snapshot.TelemetryPolicy;
import dev.weft.policy.snapshot.TelemetrySide;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotCompilerTest extends MeshUnderTest {
  private static final String ORDERS = "orders.shop.svc.cluster.local";

  @Test
  void whatTheMeshSaysHoldsWhereRulesSayNothing() {
    known.add(new KnownService("shop", "orders"));
    known.add(new KnownService("shop", "plain"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http:
          - match: [{uri: {prefix: /own}}]
            timeout: 1s
            retries: {attempts: 9}
            route: [{destination: {host: orders}}]
          - match: [{uri: {prefix: /never}}]
            timeout: 0s
            route: [{destination: {host: orders}}]
          - route: [{destination: {host: orders}}]
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders}
        spec:
          host: orders
          subsets:
          - {name: v1, labels: {version: v1}}
          - name: v2
            labels: {version: v2}
            trafficPolicy: {connectionPool: {tcp: {connectTimeout: 9s}}}
        """);
    assertThat(service("shop", ORDERS).routes)
        .extracting(route -> route.timeoutMillis)
        .containsExactly(1_000L, 0L, 0L);
    assertThat(service("shop", "plain.shop.svc.cluster.local").routes).isEmpty();
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: MeshConfig
        metadata: {name: mesh, namespace: istio-system}
        spec:
          outboundTrafficPolicy: {mode: REGISTRY_ONLY}
          connectTimeout: 3s
          defaultHttpTimeout: 15s
          defaultHttpRetryPolicy: {attempts: 4}
        """);
    assertThat(compile("shop", Map.of()).outbound).isEqualTo(OutboundTrafficPolicy.REGISTRY_ONLY);
    Service orders = service("shop", ORDERS);
    assertThat(orders.routes)
        .extracting(route -> route.timeoutMillis + " " + route.retries.attempts)
        .containsExactly("1000 9", "0 4", "15000 4");
    assertThat(orders.trafficPolicy.connectionPool.connectTimeoutMillis).isEqualTo(3_000);
    assertThat(orders.subsets)
        .extracting(subset -> subset.trafficPolicy.connectionPool.connectTimeoutMillis)
        .containsExactly(3_000L, 9_000L);
    Route direct = service("shop", "plain.shop.svc.cluster.local").routes.get(0);
    assertThat(direct.timeoutMillis + " " + direct.retries.attempts).isEqualTo("15000 4");
    assertThat(direct.backends)
        .extracting(backend -> backend.host)
        .containsExactly("plain.shop.svc.cluster.local");
  }

  @Test
  void telemetryIsSaidByWorkloadOverNamespaceOverMesh() {
    assertThat(compile("shop", Map.of("app", "orders")).telemetry).isNull();
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: MeshConfig
        metadata: {name: mesh, namespace: istio-system}
        spec: {accessLogFile: ""}
        ---
        apiVersion: telemetry.istio.io/v1
        kind: Telemetry
        metadata: {name: mesh, namespace: istio-system}
        spec:
          tracing: [{randomSamplingPercentage: 1}]
          metrics: [{overrides: [{disabled: true}]}]
        ---
        apiVersion: telemetry.istio.io/v1
        kind: Telemetry
        metadata: {name: shop}
        spec:
          tracing: [{randomSamplingPercentage: 2}]
          accessLogging: [{match: {mode: SERVER}}]
        ---
        apiVersion: telemetry.istio.io/v1
        kind: Telemetry
        metadata: {name: younger}
        spec: {tracing: [{randomSamplingPercentage: 99}]}
        ---
        apiVersion: telemetry.istio.io/v1
        kind: Telemetry
        metadata: {name: orders}
        spec:
          selector: {matchLabels: {app: orders}}
          tracing: [{match: {mode: CLIENT}, randomSamplingPercentage: 3}]
        """);
    TelemetryPolicy orders = compile("shop", Map.of("app", "orders")).telemetry;
    assertThat(orders.client.samplingPercent).isEqualTo(3);
    assertThat(orders.server.samplingPercent).isEqualTo(2);
    assertThat(orders.server.disabledMetrics).hasSize(2);
    assertThat(orders.server.log).isEqualTo(TelemetrySide.Log.ON);
    assertThat(orders.client.log).isEqualTo(TelemetrySide.Log.OFF);
    assertThat(compile("shop", Map.of("app", "web")).telemetry.client.samplingPercent).isEqualTo(2);
    assertThat(compile("other", Map.of()).telemetry.client.samplingPercent).isEqualTo(1);
    assertThat(compile("istio-system", Map.of()).telemetry.client.samplingPercent).isEqualTo(1);
  }

  @Test
  void limitsHoldTogetherTheClosestFirstAndSharedOnesAreDivided() {
    instance("o-1", "orders", "shop", 8080);
    instance("o-2", "orders", "shop", 8080);
    instance("o-3", "orders", "shop", 0);
    instance("b-1", "billing", "shop", 8080);
    instance("x-1", "orders", "other", 8080);
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: RateLimit
        metadata: {name: mesh, namespace: istio-system}
        spec: {limits: [{name: all, requests: 9, scope: SHARED}]}
        ---
        apiVersion: weft.dev/v1alpha1
        kind: RateLimit
        metadata: {name: shop}
        spec: {limits: [{name: all, requests: 8, scope: SHARED}]}
        ---
        apiVersion: weft.dev/v1alpha1
        kind: RateLimit
        metadata: {name: orders}
        spec:
          selector: {matchLabels: {app: orders}}
          limits: [{name: a, requests: 7, scope: SHARED}, {name: b, requests: 6}]
        ---
        apiVersion: weft.dev/v1alpha1
        kind: RateLimit
        metadata: {name: away, namespace: other}
        spec: {limits: [{name: all, requests: 1}]}
        """);
    assertThat(compile("shop", Map.of("app", "orders")).inbound.limits)
        .extracting(limit -> limit.name + " " + limit.perSecond + "/" + limit.instances)
        .containsExactly(
            "shop/orders/a 7.0/2",
            "shop/orders/b 6.0/1",
            "shop/shop/all 8.0/3",
            "istio-system/mesh/all 9.0/4");
    assertThat(compile("shop", Map.of("app", "billing")).inbound.limits)
        .extracting(limit -> limit.name)
        .containsExactly("shop/shop/all", "istio-system/mesh/all");
    instances.clear();
    assertThat(compile("shop", Map.of("app", "orders")).inbound.limits.get(0).instances)
        .isEqualTo(1);
  }

  @Test
  void theClosestLoadSheddingHoldsAlone() {
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: LoadShedding
        metadata: {name: mesh, namespace: istio-system}
        spec: {}
        ---
        apiVersion: weft.dev/v1alpha1
        kind: LoadShedding
        metadata: {name: orders}
        spec:
          selector: {matchLabels: {app: orders}}
          maxConcurrency: 30
        """);
    assertThat(compile("shop", Map.of("app", "orders")).inbound.shedding)
        .extracting(shedding -> shedding.name + " " + shedding.maxConcurrency)
        .isEqualTo("shop/orders 30");
    assertThat(compile("shop", Map.of("app", "web")).inbound.shedding)
        .extracting(shedding -> shedding.name)
        .isEqualTo("istio-system/mesh");
  }

  @Test
  void knowsAServiceWithoutInstances() {
    known.add(new KnownService("shop", "orders"));
    assertThat(service("shop", ORDERS).endpoints).isEmpty();
    assertThat(service("shop", ORDERS).authorities).contains("orders");
    assertThat(service("web", ORDERS).authorities)
        .containsExactly("orders.shop", "orders.shop.svc", ORDERS);
  }

  @Test
  void leavesOutPureClients() {
    instance("i1", "web", "shop", 0);
    instance("i2", "orders", "shop", 8080);
    assertThat(service("shop", "web.shop.svc.cluster.local").endpoints).isEmpty();
    assertThat(service("shop", ORDERS).endpoints).hasSize(1);
  }

  @Test
  void holdsAnInstanceWithoutItsGateUnreadyWhereModeIsStrict() {
    instance("i1", "orders", "shop", 8080);
    RegisteredInstance guarded = instances.get(0);
    instances.add(
        new RegisteredInstance(
            "i2",
            guarded.identity(),
            guarded.report().toBuilder()
                .instrumentation(
                    List.of(
                        InstrumentationStatus.notApplied(
                            "tomcat-8.5", "Tomcat", "8.0.53", "version", "too old", true)))
                .build(),
            START,
            true,
            true));
    assertThat(service("shop", ORDERS).endpoints)
        .as("permissive")
        .allMatch(e -> e.ready)
        .hasSize(2);
    apply(
        """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: shop}
        spec: {mtls: {mode: STRICT}}
        """);
    assertThat(service("shop", ORDERS).endpoints)
        .extracting(endpoint -> endpoint.id + endpoint.ready)
        .containsExactly("i1true", "i2false");
    apply(
        """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: orders, namespace: shop}
        spec:
          selector: {matchLabels: {app: orders}}
          mtls: {mode: STRICT}
          portLevelMtls: {8080: {mode: PERMISSIVE}}
        """);
    assertThat(service("shop", ORDERS).endpoints)
        .as("the port is permissive")
        .allMatch(e -> e.ready);
  }

  @Test
  void resolvesShortNamesInTheNamespaceOfTheResource() {
    known.add(new KnownService("shop", "orders"));
    known.add(new KnownService("billing", "invoices"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: shop}
        spec:
          hosts: [orders]
          http:
          - match: [{uri: {prefix: /bill}}]
            route: [{destination: {host: invoices.billing}}]
          - route:
            - {destination: {host: orders, subset: v1}, weight: 100}
            - {destination: {host: orders, subset: v2}, weight: 0}
        """);
    Service orders = service("web", ORDERS);
    assertThat(orders.routes).hasSize(2);
    assertThat(orders.routes.get(0).backends.get(0).host)
        .isEqualTo("invoices.billing.svc.cluster.local");
    assertThat(orders.routes.get(1).backends).hasSize(1);
    Backend backend = orders.routes.get(1).backends.get(0);
    assertThat(backend.host).isEqualTo(ORDERS);
    assertThat(backend.subset).isEqualTo("v1");
  }

  @Test
  void takesTheOldestVirtualServiceAndTheMostSpecificHost() {
    known.add(new KnownService("shop", "orders"));
    String form =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: %s, namespace: shop}
        spec:
          hosts: ["%s"]
          http: [{name: %s, route: [{destination: {host: orders}}]}]
        """;
    apply(form.formatted("wild", "*.shop.svc.cluster.local", "wild"));
    assertThat(service("shop", ORDERS).routes.get(0).name).isEqualTo("wild");
    apply(form.formatted("first", "orders", "first"));
    apply(form.formatted("second", "orders.shop.svc.cluster.local", "second"));
    assertThat(service("shop", ORDERS).routes.get(0).name).isEqualTo("first");
  }

  @Test
  void givesEachCallerTheRoutesThatAreForIt() {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: shop}
        spec:
          hosts: [orders]
          http:
          - name: canary
            match: [{sourceLabels: {version: v2}}]
            route: [{destination: {host: orders}}]
          - name: web
            match: [{sourceNamespace: web}]
            route: [{destination: {host: orders}}]
        """);
    assertThat(routeNames("shop", Map.of("version", "v1", "app", "a"))).isEmpty();
    assertThat(routeNames("shop", Map.of("version", "v2", "app", "a"))).containsExactly("canary");
    assertThat(routeNames("web", Map.of("app", "a"))).containsExactly("web");
    assertThat(routeNames("web", Map.of("version", "v2"))).containsExactly("canary", "web");
  }

  @Test
  void putsTheRulesOfADelegateInThePlaceOfTheRuleThatDelegates() {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: shop}
        spec:
          hosts: [orders]
          http:
          - name: a
            match: [{uri: {prefix: /a}}]
            delegate: {name: team-a, namespace: team}
            timeout: 2s
            rewrite: {uri: /}
          - {match: [{uri: {prefix: /b}}], delegate: {name: nobody}}
          - {name: rest, route: [{destination: {host: orders}}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: team-a, namespace: team}
        spec:
          http:
          - name: one
            match: [{uri: {exact: /a/1}}]
            timeout: 1s
            rewrite: {authority: x}
            route: [{destination: {host: ones}}]
          - {name: greedy, match: [{uri: {prefix: /}}], route: [{destination: {host: ones}}]}
          - {name: others, route: [{destination: {host: others}}]}
        """);
    List<Route> routes = service("shop", ORDERS).routes;
    assertThat(routes)
        .extracting(route -> route.name)
        .as("without what nobody has, and what is not the root's to delegate")
        .containsExactly("a-one", "a-others", "rest");
    assertThat(routes.get(0).matches.get(0).uri).isEqualTo(StringMatch.exact("/a/1"));
    assertThat(routes.get(0).timeoutMillis).isEqualTo(1_000);
    assertThat(routes.get(0).rewrite).isEqualTo(Rewrite.builder().authority("x").build());
    assertThat(routes.get(0).backends.get(0).host).isEqualTo("ones.team.svc.cluster.local");
    assertThat(routes.get(1).matches.get(0).uri).isEqualTo(StringMatch.prefix("/a"));
    assertThat(routes.get(1).timeoutMillis).isEqualTo(2_000);
    assertThat(routes.get(1).rewrite.path.match).isEqualTo(StringMatch.prefix("/a"));
  }

  @Test
  void resolvesMirrorsWhereTheyWereWritten() {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: shop}
        spec:
          hosts: [orders]
          http:
          - {match: [{port: 1}], delegate: {name: d, namespace: team}, mirror: {host: copies}}
          - route: [{destination: {host: orders}}]
            mirrors:
            - {destination: {host: audit.sec, subset: v1}, percentage: {value: 10}}
            - {destination: {host: never}, percentage: {value: 0}}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: d, namespace: team}
        spec:
          http:
          - {match: [{uri: {exact: /own}}], route: [{destination: {host: a}}], mirror: {host: m}}
          - {route: [{destination: {host: a}}]}
        """);
    assertThat(service("shop", ORDERS).routes)
        .flatExtracting(route -> route.mirrors)
        .extracting(mirror -> mirror.host + " " + mirror.subset + " " + mirror.percent)
        .containsExactly(
            "m.team.svc.cluster.local null 100.0",
            "copies.shop.svc.cluster.local null 100.0",
            "audit.sec v1 10.0");
    assertThat(service("shop", "copies.shop.svc.cluster.local").authorities).isEmpty();
  }

  private List<String> routeNames(String namespace, Map<String, String> labels) {
    return compile(namespace, labels).services.stream()
        .filter(service -> service.host.equals(ORDERS))
        .flatMap(service -> service.routes.stream())
        .map(route -> route.name)
        .toList();
  }

  @Test
  void makesAServiceOfAHostThatOnlyAVirtualServiceNames() {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: alias, namespace: shop}
        spec:
          hosts: [legacy, orders.example.com]
          http: [{route: [{destination: {host: ghosts}}]}]
        """);
    assertThat(service("shop", "legacy.shop.svc.cluster.local").authorities).contains("legacy");
    assertThat(service("web", "orders.example.com").authorities)
        .containsExactly("orders.example.com");
    Service ghosts = service("shop", "ghosts.shop.svc.cluster.local");
    assertThat(ghosts.endpoints).isEmpty();
    assertThat(ghosts.authorities).isEmpty();
  }

  @Test
  void looksForDestinationRulesInIstiosOrder() {
    known.add(new KnownService("shop", "orders"));
    String form =
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: r, namespace: %s}
        spec:
          host: "%s"
          trafficPolicy: {loadBalancer: {simple: %s}}
        """;
    apply(form.formatted("istio-system", "*.cluster.local", "RANDOM"));
    assertThat(service("web", ORDERS).trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.RANDOM);
    apply(form.formatted("shop", "orders", "ROUND_ROBIN"));
    assertThat(service("web", ORDERS).trafficPolicy.loadBalancer)
        .isEqualTo(LoadBalancer.ROUND_ROBIN);
    apply(form.formatted("web", ORDERS, "LEAST_REQUEST"));
    assertThat(service("web", ORDERS).trafficPolicy.loadBalancer)
        .isEqualTo(LoadBalancer.LEAST_REQUEST);
    assertThat(service("shop", ORDERS).trafficPolicy.loadBalancer)
        .isEqualTo(LoadBalancer.ROUND_ROBIN);
  }

  @Test
  void mergesDestinationRulesOfOneHost() {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: a, namespace: shop}
        spec:
          host: orders
          subsets:
          - {name: v1, labels: {version: v1}}
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: b, namespace: shop}
        spec:
          host: orders.shop.svc.cluster.local
          trafficPolicy:
            loadBalancer: {simple: ROUND_ROBIN}
            outlierDetection: {consecutive5xxErrors: 3}
          subsets:
          - {name: v1, labels: {version: other}}
          - name: v2
            labels: {version: v2}
            trafficPolicy: {loadBalancer: {simple: RANDOM}}
        """);
    Service orders = service("shop", ORDERS);
    assertThat(orders.trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.ROUND_ROBIN);
    assertThat(orders.subsets).extracting(subset -> subset.name).containsExactly("v1", "v2");
    assertThat(orders.subsets.get(0).labels).containsEntry("version", "v1");
    Subset v2 = orders.subsets.get(1);
    assertThat(v2.trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.RANDOM);
    assertThat(v2.trafficPolicy.outlierDetection).isNotNull();
    assertThat(v2.trafficPolicy.outlierDetection.consecutive5xxErrors).isEqualTo(3);
  }

  @Test
  void takesAnAnnotationForAPolicyOfTheService() {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: a, namespace: shop, annotations: {weft.dev/load-balancer: EWMA}}
        spec: {host: orders}
        """);
    assertThat(service("shop", ORDERS).trafficPolicy.loadBalancer).isEqualTo(LoadBalancer.EWMA);
  }

  @Test
  void addsServiceEntriesButNotOverTheRegistry() {
    known.add(new KnownService("shop", "orders"));
    apply(
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: api, namespace: shop}
        spec:
          hosts: [api.example.com]
          location: MESH_EXTERNAL
          resolution: STATIC
          ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8081}]
          endpoints: [{address: 192.0.2.1, weight: 3}, {address: 192.0.2.2, ports: {http: 9000}}]
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: claim, namespace: shop}
        spec:
          hosts: [orders.shop.svc.cluster.local]
          resolution: STATIC
          ports: [{number: 80, name: http, protocol: HTTP}]
          endpoints: [{address: 192.0.2.66}]
        """);
    Service api = service("web", "api.example.com");
    assertThat(api.external).isTrue();
    assertThat(api.ports).containsExactly(80);
    assertThat(api.endpoints)
        .extracting(each -> each.address + ":" + each.port + " " + each.weight + " " + each.mtls)
        .containsExactly("192.0.2.1:8081 3 false", "192.0.2.2:9000 1 false");
    assertThat(service("web", ORDERS).endpoints).isEmpty();
  }

  @Test
  void inheritsPeerAuthenticationFromWorkloadNamespaceAndMesh() {
    String form =
        """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: %s, namespace: %s}
        spec: %s
        """;
    assertThat(compile("shop", Map.of("app", "orders")).inbound.mode)
        .isEqualTo(MtlsMode.PERMISSIVE);
    apply(form.formatted("mesh", "istio-system", "{mtls: {mode: STRICT}}"));
    assertThat(compile("shop", Map.of("app", "orders")).inbound.mode).isEqualTo(MtlsMode.STRICT);
    apply(form.formatted("ns", "shop", "{mtls: {mode: DISABLE}}"));
    assertThat(compile("shop", Map.of("app", "orders")).inbound.mode).isEqualTo(MtlsMode.DISABLE);
    assertThat(compile("web", Map.of()).inbound.mode).isEqualTo(MtlsMode.STRICT);
    apply(
        form.formatted(
            "workload",
            "shop",
            "{selector: {matchLabels: {app: orders}}, mtls: {mode: PERMISSIVE},"
                + " portLevelMtls: {8080: {mode: STRICT}}}"));
    assertThat(compile("shop", Map.of("app", "orders")).inbound.mode)
        .isEqualTo(MtlsMode.PERMISSIVE);
    assertThat(compile("shop", Map.of("app", "orders")).inbound.portModes)
        .containsExactly(Map.entry(8080, MtlsMode.STRICT));
    assertThat(compile("shop", Map.of("app", "web")).inbound.mode).isEqualTo(MtlsMode.DISABLE);
  }

  @Test
  void selectsAuthorizationPoliciesDenyFirst() {
    String form =
        """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: %s, namespace: %s}
        spec: {action: %s, %s rules: [{from: [{source: {namespaces: [x]}}]}]}
        """;
    apply(form.formatted("allow", "shop", "ALLOW", "selector: {matchLabels: {app: orders}},"));
    apply(form.formatted("other", "shop", "ALLOW", "selector: {matchLabels: {app: web}},"));
    apply(form.formatted("elsewhere", "web", "DENY", ""));
    apply(form.formatted("deny", "istio-system", "DENY", ""));
    assertThat(compile("shop", Map.of("app", "orders", "version", "v1")).inbound.authorization)
        .extracting(each -> each.name)
        .containsExactly("deny", "allow");
  }

  private List<String> databases(String namespace, Map<String, String> labels) {
    List<String> names = new ArrayList<>();
    compile(namespace, labels).databases.forEach(p -> names.add(p.namespace + "/" + p.name));
    return names;
  }

  @Test
  void asksDatabasePoliciesOfTheWorkloadFirstThenOfItsNamespaceThenOfTheMesh() {
    String policy =
        """
        apiVersion: weft.dev/v1alpha1
        kind: DatabasePolicy
        metadata: {name: %s, namespace: %s}
        spec:
          selector: {matchLabels: {%s}}
          match: {urls: ["jdbc:*"]}
        """;
    apply(policy.formatted("mesh", "istio-system", ""));
    apply(policy.formatted("all-b", "shop", ""));
    apply(policy.formatted("all-a", "shop", ""));
    apply(policy.formatted("own", "shop", "app: orders"));
    apply(policy.formatted("mesh-own", "istio-system", "app: orders"));
    apply(policy.formatted("other", "shop", "app: billing"));
    apply(policy.formatted("elsewhere", "data", ""));
    assertThat(databases("shop", Map.of("app", "orders")))
        .containsExactly(
            "shop/own", "shop/all-b", "shop/all-a", "istio-system/mesh-own", "istio-system/mesh");
    assertThat(databases("shop", Map.of()))
        .containsExactly("shop/all-b", "shop/all-a", "istio-system/mesh");
    assertThat(databases("data", Map.of())).containsExactly("data/elsewhere", "istio-system/mesh");
    assertThat(databases("istio-system", Map.of())).containsExactly("istio-system/mesh");
  }

  @Test
  void fillsDatabasePoliciesWithNamesAndEndpointsOfServices() {
    instance("pg-1", "pg", "data", 5432);
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: DatabasePolicy
        metadata: {name: orders-db, namespace: shop}
        spec:
          match: {services: [pg.data, db.example], hosts: ["old-*"]}
          redirect: {service: pg.data}
          tls: {mode: MESH}
        ---
        apiVersion: weft.dev/v1alpha1
        kind: DatabasePolicy
        metadata: {name: nobody, namespace: shop}
        spec:
          match: {services: [pg]}
          redirect: {service: nowhere}
        """);
    List<DatabasePolicy> databases = compile("shop", Map.of()).databases;
    DatabasePolicy policy = databases.get(0);
    assertThat(policy.hosts)
        .containsExactly(
            "old-*", "pg.data", "pg.data.svc", "pg.data.svc.cluster.local", "db.example");
    assertThat(policy.redirect.hosts)
        .containsExactly(
            DatabaseHost.builder()
                .address("10.0.0.1")
                .port(5432)
                .spiffeId("spiffe://cluster.local/ns/data/sa/pg")
                .build());
    assertThat(databases.get(1).redirect.hosts).isEmpty();
  }
}
