package dev.weft.meshctl.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.analysis.Analysis;
import dev.weft.analysis.Finding;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.ResourceReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What documents of other meshes become; each result is policy that apply takes. */
final class ConverterTest {
  private static String convert(Converter.Mesh mesh, String text) {
    Converter.Result result =
        Converter.convert(mesh, Map.of("in", text.getBytes(StandardCharsets.UTF_8)), "shop");
    assertThat(result.problems()).isEmpty();
    byte[] utf8 = result.text().getBytes(StandardCharsets.UTF_8);
    if (result.resources() > 0) {
      ReadResult read = ResourceReader.read("out", utf8, "shop");
      assertThat(read.problems()).as(result.text()).isEmpty();
      assertThat(read.resources()).hasSize(result.resources());
      assertThat(Analysis.of(Map.of("out", utf8)))
          .noneMatch(finding -> finding.level() == Finding.Level.ERROR);
    }
    return result.text();
  }

  @Test
  void aChainOfConsulIsOneVirtualService() {
    String text =
        convert(
            Converter.Mesh.CONSUL,
            """
            [{"Kind": "service-router", "Name": "web", "CreateIndex": 7, "Routes": [
              {"Match": {"HTTP": {"PathPrefix": "/admin", "Methods": ["GET", "PUT"],
                 "Header": [{"Name": "x-debug", "Exact": "1"},
                            {"Name": "x-old", "Present": true, "Invert": true}]}},
               "Destination": {"Service": "admin", "PrefixRewrite": "/", "RequestTimeout": "5s",
                 "NumRetries": 3, "RetryOnConnectFailure": true, "RetryOnStatusCodes": [503],
                 "IdleTimeout": "9s", "RequestHeaders": {"Set": {"x-from": "router"}}}}]},
             {"Kind": "service-splitter", "Name": "web", "Splits": [
               {"Weight": 99.5, "ServiceSubset": "v1"},
               {"Weight": 0.5, "ServiceSubset": "v2"}]},
             {"Kind": "service-resolver", "Name": "web", "DefaultSubset": "v1",
              "ConnectTimeout": "3s", "RequestTimeout": "8s",
              "Subsets": {"v1": {"Filter": "Service.Meta.version == v1"},
                          "v2": {"Filter": "Service.Meta.version == v2", "OnlyPassing": true}},
              "Failover": {"*": {"Datacenters": ["dc2"]}},
              "LoadBalancer": {"Policy": "maglev",
                "HashPolicies": [{"Field": "header", "FieldValue": "x-user"}]}}]
            """);
    assertThat(text)
        .isEqualTo(
            """
            ---
            # From service-resolver web, in:11:2.
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata:
              name: web
              namespace: shop
            spec:
              host: web
              trafficPolicy:
                connectionPool:
                  tcp:
                    connectTimeout: 3s
                loadBalancer:
                  consistentHash:
                    httpHeaderName: x-user
                    maglev:
                      tableSize: 65537
              subsets:
              - name: v1
                labels:
                  version: v1
              - name: v2
                labels:
                  version: v2
            ---
            # From service-router web, in:1:2.
            # NOT CONVERTED: Routes[0].Destination.IdleTimeout (in)
            # From service-splitter web, in:8:2.
            # From service-resolver web, in:11:2.
            # NOT CONVERTED: Failover (in)
            # NOT CONVERTED: Subsets.v2.OnlyPassing (in)
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: web
              namespace: shop
            spec:
              hosts:
              - web
              http:
              - match:
                - uri:
                    prefix: /admin
                  method:
                    regex: GET|PUT
                  headers:
                    x-debug:
                      exact: '1'
                  withoutHeaders:
                    x-old: {}
                rewrite:
                  uri: /
                headers:
                  request:
                    set:
                      x-from: router
                retries:
                  attempts: 3
                  retryOn: connect-failure,503
                route:
                - destination:
                    host: admin
                timeout: 5s
              - route:
                - destination:
                    host: web
                    subset: v1
                  weight: 9950
                - destination:
                    host: web
                    subset: v2
                  weight: 50
                timeout: 8s
            """);
  }

  @Test
  void intentionsLetInNoMoreThanTheySay() {
    String text =
        convert(
            Converter.Mesh.CONSUL,
            """
            Kind: service-intentions
            Name: orders
            Sources:
            - {Name: web, Action: allow}
            - {Name: old, Action: deny}
            - Name: api
              Permissions:
              - {Action: allow, HTTP: {PathPrefix: /v1, Methods: [GET]}}
              - {Action: allow, HTTP: {PathRegex: "/v[0-9]"}}
              - {Action: allow, JWT: {Providers: [{Name: okta}]}}
            - {Name: "*", Action: deny}
            """);
    assertThat(text)
        .contains(
            """
            kind: AuthorizationPolicy
            metadata:
              name: orders-allow
              namespace: shop
            spec:
              selector:
                matchLabels:
                  app: orders
              action: ALLOW
              rules:
              - from:
                - source:
                    principals:
                    - '*/ns/shop/sa/web'
              - from:
                - source:
                    principals:
                    - '*/ns/shop/sa/api'
                to:
                - operation:
                    paths:
                    - /v1*
                    methods:
                    - GET
            """)
        .contains("name: orders-deny")
        .contains("'*/ns/shop/sa/old'")
        .doesNotContain("[0-9]");
    assertThat(text.split("left out since it would allow more", -1)).hasSize(3);
    String open =
        convert(
            Converter.Mesh.CONSUL,
            "{Kind: service-intentions, Name: o, Sources: [{Name: '*', Action: allow}]}");
    assertThat(open).contains("no policy is needed").doesNotContain("kind:");
    String closed =
        convert(
            Converter.Mesh.CONSUL,
            "{Kind: service-intentions, Name: o, Sources: [{Name: '*', Action: deny}]}");
    assertThat(closed).contains("action: ALLOW").doesNotContain("rules");
  }

  @Test
  void aServerOfLinkerdLetsInWhomItsPoliciesName() {
    String text =
        convert(
            Converter.Mesh.LINKERD,
            """
            apiVersion: policy.linkerd.io/v1beta3
            kind: Server
            metadata: {name: orders-http, namespace: shop}
            spec: {podSelector: {matchLabels: {app: orders}}, port: 8080, proxyProtocol: HTTP/1}
            ---
            apiVersion: policy.linkerd.io/v1beta3
            kind: HTTPRoute
            metadata: {name: reads, namespace: shop}
            spec:
              parentRefs: [{group: policy.linkerd.io, kind: Server, name: orders-http}]
              rules: [{matches: [{path: {type: PathPrefix, value: /orders}, method: GET}]}]
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: MeshTLSAuthentication
            metadata: {name: web, namespace: shop}
            spec:
              identities: [web.front.serviceaccount.identity.linkerd.cluster.local]
              identityRefs: [{kind: ServiceAccount, name: jobs}]
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: NetworkAuthentication
            metadata: {name: inside, namespace: shop}
            spec: {networks: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]}
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: AuthorizationPolicy
            metadata: {name: web-reads, namespace: shop}
            spec:
              targetRef: {group: policy.linkerd.io, kind: HTTPRoute, name: reads}
              requiredAuthenticationRefs:
              - {group: policy.linkerd.io, kind: MeshTLSAuthentication, name: web}
              - {group: policy.linkerd.io, kind: NetworkAuthentication, name: inside}
            """);
    assertThat(text)
        .endsWith(
            """
            spec:
              selector:
                matchLabels:
                  app: orders
              action: ALLOW
              rules:
              - to:
                - operation:
                    notPorts:
                    - '8080'
              - from:
                - source:
                    principals:
                    - '*/ns/front/sa/web'
                    - '*/ns/shop/sa/jobs'
                    ipBlocks:
                    - 10.0.0.0/8
                    notIpBlocks:
                    - 10.1.0.0/16
                to:
                - operation:
                    ports:
                    - '8080'
                    paths:
                    - /orders
                    - /orders/*
                    methods:
                    - GET
            """);
  }

  @Test
  void routesAndProfilesOfLinkerdKeepWhatTheySay() {
    String text =
        convert(
            Converter.Mesh.LINKERD,
            """
            apiVersion: policy.linkerd.io/v1beta3
            kind: HTTPRoute
            metadata: {name: r, namespace: shop, annotations: {retry.linkerd.io/http: 5xx}}
            spec:
              parentRefs: [{group: core, kind: Service, name: orders, port: 80}]
              rules:
              - matches: [{path: {type: PathPrefix, value: /v2}}]
                backendRefs: [{name: orders-v2, port: 80, weight: 1}]
                timeouts: {request: 2s}
            ---
            apiVersion: linkerd.io/v1alpha2
            kind: ServiceProfile
            metadata: {name: web.shop.svc.cluster.local, namespace: shop}
            spec:
              routes:
              - name: GET /x
                condition: {method: GET, pathRegex: "/x/[^/]*"}
                isRetryable: true
                timeout: 300ms
                responseClasses: [{condition: {status: {min: 500}}, isFailure: true}]
              - name: odd
                condition: {not: {method: GET}}
              retryBudget: {retryRatio: 0.25, minRetriesPerSecond: 10, ttl: 10s}
              dstOverrides:
              - {authority: "web-v2.shop.svc.cluster.local.:80", weight: 1000m}
            """);
    assertThat(text)
        .contains("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute")
        .contains("NOT CONVERTED: the annotation retry.linkerd.io/http")
        .contains("  - group: ''\n    kind: Service\n    name: orders\n    port: 80")
        .contains("      request: 2s")
        .contains("        regex: /x/[^/]*")
        .contains("NOT CONVERTED: the route odd: its condition, and so the route")
        .contains("NOT CONVERTED: spec.routes[0].responseClasses (in)")
        .contains("percent: 25")
        .contains("host: web-v2.shop.svc.cluster.local");
  }

  @Test
  void routesOfAppMeshAreInTheOrderOfTheirPriority() {
    String text =
        convert(
            Converter.Mesh.APPMESH,
            """
            [{"virtualService": {"meshName": "m", "virtualServiceName": "orders.local",
               "spec": {"provider": {"virtualRouter": {"virtualRouterName": "orders-r"}}}}},
             {"route": {"meshName": "m", "virtualRouterName": "orders-r", "routeName": "rest",
               "spec": {"httpRoute": {"match": {"prefix": "/"},
                 "action": {"weightedTargets": [{"virtualNode": "orders-v1", "weight": 1}]}}}}},
             {"route": {"meshName": "m", "virtualRouterName": "orders-r", "routeName": "canary",
               "spec": {"priority": 5, "httpRoute": {
                 "match": {"prefix": "/v2", "method": "GET",
                   "headers": [{"name": "x-user", "invert": false, "match": {"prefix": "a"}},
                               {"name": "x-n", "match": {"range": {"start": 1, "end": 2}}}]},
                 "action": {"weightedTargets": [
                   {"virtualNode": "orders-v1", "weight": 90},
                   {"virtualNode": "orders-v2", "weight": 10, "port": 8080}]},
                 "retryPolicy": {"maxRetries": 2, "perRetryTimeout": {"unit": "ms", "value": 250},
                   "httpRetryEvents": ["server-error"], "tcpRetryEvents": ["connection-error"]},
                 "timeout": {"perRequest": {"unit": "s", "value": 3},
                             "idle": {"unit": "s", "value": 9}}}}}},
             {"virtualNode": {"meshName": "m", "virtualNodeName": "orders-v1", "spec": {
               "listeners": [{"portMapping": {"port": 8080, "protocol": "http"},
                 "outlierDetection": {"maxServerErrors": 5, "maxEjectionPercent": 50,
                   "interval": {"unit": "s", "value": 10},
                   "baseEjectionDuration": {"unit": "s", "value": 30}},
                 "connectionPool": {"http": {"maxConnections": 20}}}],
               "serviceDiscovery": {"dns": {"hostname": "orders-1.example.com"}}}}}]
            """);
    assertThat(text.indexOf("- name: canary"))
        .isPositive()
        .isLessThan(text.indexOf("- name: rest"));
    assertThat(text)
        .contains("  hosts:\n  - orders.local\n")
        .contains("host: orders-1.example.com\n      weight: 90")
        .contains("host: orders-v2\n        port:\n          number: 8080\n      weight: 10")
        .contains("perTryTimeout: 250ms\n      retryOn: 5xx,connect-failure")
        .contains("timeout: 3s")
        .contains("NOT CONVERTED: route.spec.httpRoute.timeout.idle (in)")
        .contains("NOT CONVERTED: route.spec.httpRoute.match.headers[1].match.range (in)")
        .contains("consecutive5xxErrors: 5")
        .contains("maxConnections: 20")
        .doesNotContain("http1MaxPendingRequests");
  }

  @Test
  void saysWhatItCannotRead() {
    byte[] hcl = "Kind = \"service-router\"\nName = \"web\"".getBytes(StandardCharsets.UTF_8);
    assertThat(Converter.convert(Converter.Mesh.CONSUL, Map.of("x.hcl", hcl), "shop").problems())
        .containsExactly(
            "x.hcl:1:1: must be an object in JSON or YAML; HCL is not read, and consul config read"
                + " prints JSON");
    assertThat(convert(Converter.Mesh.CONSUL, "{Kind: mesh, Name: x}"))
        .contains("NOT CONVERTED: in:1:1: kind \"mesh\" has no counterpart");
  }
}
