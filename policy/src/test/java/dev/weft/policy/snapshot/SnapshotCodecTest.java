package dev.weft.policy.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SnapshotCodecTest {
  @Test
  void readsBackWhatItWrote() {
    Snapshot snapshot = full();
    Snapshot read = SnapshotCodec.read(SnapshotCodec.write(snapshot));
    assertThat(read).isEqualTo(snapshot).hasSameHashCodeAs(snapshot);
    assertThat(SnapshotCodec.write(read)).isEqualTo(SnapshotCodec.write(snapshot));
  }

  @Test
  void readsBackTheEmptySnapshot() {
    assertThat(SnapshotCodec.read(SnapshotCodec.write(Snapshot.empty())))
        .isEqualTo(Snapshot.empty());
    assertThat(SnapshotCodec.read("{}".getBytes(UTF_8))).isEqualTo(Snapshot.empty());
  }

  @Test
  void writesEqualMapsEqually() {
    Map<String, String> one = new HashMap<>();
    Map<String, String> other = new HashMap<>(64);
    for (int i = 0; i < 20; i++) {
      one.put("k" + i, "v");
      other.put("k" + (19 - i), "v");
    }
    assertThat(SnapshotCodec.write(withLabels(one)))
        .isEqualTo(SnapshotCodec.write(withLabels(other)));
  }

  private static Snapshot withLabels(Map<String, String> labels) {
    Endpoint endpoint = Endpoint.builder().id("a").port(80).labels(labels).build();
    Service service = Service.builder().endpoints(Collections.singletonList(endpoint)).build();
    return Snapshot.builder().services(Collections.singletonList(service)).build();
  }

  @Test
  void refusesAFieldItDoesNotKnow() {
    assertRefused("{\"services\":[{\"host\":\"a\",\"mirror\":1}]}", "services[0].mirror");
    assertRefused("{\"deny\":true}", "deny");
  }

  @Test
  void skipsAnUnknownFieldThatTheSenderCallsOptional() {
    String json = "{\"optional\":[\"mirror\"],\"services\":[{\"host\":\"a\",\"mirror\":1}]}";
    assertThat(SnapshotCodec.read(json.getBytes(UTF_8)).services).hasSize(1);
  }

  @Test
  void refusesAValueOfTheWrongType() {
    assertRefused("{\"version\":\"1\"}", "version must be a whole number");
    assertRefused("{\"services\":{}}", "services must be a list");
    assertRefused("{\"services\":[null]}", "services[0] must be an object");
    assertRefused("{\"inbound\":{\"mode\":\"LOOSE\"}}", "inbound.mode");
    assertRefused("{\"inbound\":{\"portModes\":{\"x\":\"STRICT\"}}}", "inbound.portModes");
    assertRefused("{\"version\":1,\"version\":2}", "not valid JSON");
    assertRefused("[1]", "");
    assertRefused("{\"version\":1", "not valid JSON");
  }

  @Test
  void refusesAnEndpointThatCouldNotBeVerified() {
    assertRefused(
        "{\"services\":[{\"host\":\"a\",\"endpoints\":[{\"id\":\"e\",\"port\":1,\"mtls\":true}]}]}",
        "endpoint e of a is mtls without a spiffeId");
  }

  @Test
  void aRouteThatAnswersNeedsNoBackend() {
    for (Route route :
        Arrays.asList(
            Route.builder().redirect(Redirect.builder().authority("b").build()).build(),
            Route.builder().directResponse(DirectResponse.builder().status(503).build()).build())) {
      Snapshot snapshot = of(route);
      assertThat(SnapshotCodec.read(SnapshotCodec.write(snapshot))).isEqualTo(snapshot);
    }
    assertThatThrownBy(() -> SnapshotCodec.read(SnapshotCodec.write(of(Route.builder().build()))))
        .hasMessageContaining("has neither a backend, nor a fault or answer");
  }

  private static Snapshot of(Route route) {
    Service service = Service.builder().host("a").routes(Collections.singletonList(route)).build();
    return Snapshot.builder().services(Collections.singletonList(service)).build();
  }

  @Test
  void refusesDeepNesting() {
    String json = String.join("", Collections.nCopies(5000, "{\"a\":"));
    assertRefused(json, "");
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> SnapshotCodec.read(json.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  /**
   * Reader and writer are two lists of the same fields: with every field away from its default, the
   * round trip of {@link #full()} fails when one of them lacks a field.
   */
  @Test
  void everyFieldIsAwayFromItsDefaultInTheRoundTrip() throws Exception {
    Set<Class<?>> seen = new HashSet<>();
    assertNoDefaults(full(), seen);
    assertThat(seen).hasSizeGreaterThan(15);
  }

  private static void assertNoDefaults(Object value, Set<Class<?>> seen) throws Exception {
    if (value instanceof Map) {
      value = ((Map<?, ?>) value).values();
    }
    if (value instanceof Collection) {
      for (Object element : (Collection<?>) value) {
        assertNoDefaults(element, seen);
        // Further elements are there for other tests.
        return;
      }
    }
    Class<?> type = value.getClass();
    if (type.isEnum() || type.getPackage() != Snapshot.class.getPackage() || !seen.add(type)) {
      return;
    }
    Object plain = null;
    if (type != HeaderEdits.Edits.class) {
      Object builder = type.getMethod("builder").invoke(null);
      plain = builder.getClass().getMethod("build").invoke(builder);
    } else {
      plain = HeaderEdits.Edits.NONE;
    }
    for (Field field : type.getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        Object own = field.get(value);
        assertThat(own)
            .as(type.getSimpleName() + "." + field.getName())
            .isNotEqualTo(field.get(plain));
        assertNoDefaults(own, seen);
      }
    }
  }

  /** A snapshot in which no field is at its default. */
  private static Snapshot full() {
    TrafficPolicy traffic =
        TrafficPolicy.builder()
            .loadBalancer(LoadBalancer.ROUND_ROBIN)
            .consistentHash(
                ConsistentHash.builder()
                    .key(ConsistentHash.Key.COOKIE)
                    .name("user")
                    .generated(
                        SessionCookie.builder()
                            .ttlSeconds(60)
                            .path("/")
                            .attributes(Collections.singletonMap("SameSite", "Lax"))
                            .build())
                    .algorithm(ConsistentHash.Algorithm.MAGLEV)
                    .size(251)
                    .build())
            .localities(
                LocalityBalancing.builder()
                    .enabled(false)
                    .distribute(
                        Collections.singletonList(
                            LocalityDistribution.builder()
                                .from("eu/*")
                                .to(Collections.singletonMap("us/*", 100))
                                .build()))
                    .failover(Collections.singletonMap("eu", "us"))
                    .failoverPriority(Collections.singletonList("rack"))
                    .build())
            .warmup(Warmup.builder().durationMillis(5).minimumPercent(2.5).aggression(1.5).build())
            .healthCheck(HealthCheck.builder().path("/ready").intervalMillis(77).build())
            .hedgeAfterMillis(50)
            .ports(Collections.singletonMap(8080, TrafficPolicy.defaults()))
            .tls(TlsMode.MUTUAL)
            .origination(
                TlsOrigination.builder()
                    .sni("a")
                    .caCertificates("b")
                    .caCrl("c")
                    .clientCertificate("d")
                    .privateKey("e")
                    .insecureSkipVerify(true)
                    .build())
            .subjectAltNames(Collections.singletonList("spiffe://d/orders"))
            .retryBudget(
                RetryBudget.builder()
                    .percent(12.5)
                    .minRetryConcurrency(1)
                    .budgetIntervalMillis(5)
                    .build())
            .connectionPool(
                ConnectionPool.builder()
                    .connectTimeoutMillis(1)
                    .maxConnections(2)
                    .http1MaxPendingRequests(3)
                    .http2MaxRequests(4)
                    .maxRequestsPerConnection(5)
                    .maxRetries(6)
                    .idleTimeoutMillis(7)
                    .maxConnectionMillis(8)
                    .build())
            .outlierDetection(
                OutlierDetection.builder()
                    .consecutive5xxErrors(1)
                    .consecutiveGatewayErrors(2)
                    .consecutiveLocalOriginFailures(3)
                    .splitExternalLocalOriginErrors(true)
                    .intervalMillis(4)
                    .baseEjectionMillis(5)
                    .maxEjectionPercent(6)
                    .minHealthPercent(7)
                    .errorCodes(Collections.singletonList(429))
                    .build())
            .build();
    HeaderEdits.Edits edits =
        HeaderEdits.Edits.of(
            Collections.singletonMap("x-set", "1"),
            Collections.singletonMap("x-add", "2"),
            Collections.singletonList("x-gone"));
    HeaderEdits headers = HeaderEdits.builder().request(edits).response(edits).build();
    PathRewrite path =
        PathRewrite.builder().match(StringMatch.regex("/(.*)")).value("/v2/\\1").build();
    RouteMatch match =
        RouteMatch.builder()
            .uri(StringMatch.prefix("/a"))
            .ignoreUriCase(true)
            .method(StringMatch.exact("GET"))
            .authority(StringMatch.regex("o.*"))
            .scheme(StringMatch.exact("http"))
            .headers(Collections.singletonMap("x-user", StringMatch.present()))
            .withoutHeaders(Collections.singletonMap("x-bot", StringMatch.exact("1")))
            .queryParams(Collections.singletonMap("q", StringMatch.exact("")))
            .port(8080)
            .build();
    Route route =
        Route.builder()
            .name("canary")
            .matches(Arrays.asList(match, RouteMatch.builder().build()))
            .backends(
                Collections.singletonList(
                    Backend.builder()
                        .host("orders.shop.svc.cluster.local")
                        .subset("v1")
                        .port(80)
                        .weight(90)
                        .headers(headers)
                        .refusal(500)
                        .build()))
            .headers(headers)
            .timeoutMillis(1500)
            .retries(
                RetryPolicy.defaults().toBuilder()
                    .attempts(0)
                    .perTryTimeoutMillis(250)
                    .backoffMillis(30)
                    .ignorePreviousHosts(false)
                    .remoteLocalities(true)
                    .build())
            .fault(
                Fault.builder()
                    .delayMillis(1)
                    .delayPercent(0.5)
                    .abortStatus(503)
                    .abortGrpcStatus(14)
                    .abortPercent(100)
                    .build())
            .rewrite(Rewrite.builder().path(path).authority("orders.internal").build())
            .redirect(
                Redirect.builder()
                    .status(308)
                    .scheme("https")
                    .authority("elsewhere.example")
                    .port(8443)
                    .requestPort(true)
                    .path(path)
                    .build())
            .mirrors(
                Collections.singletonList(
                    Mirror.builder()
                        .host("shadow.shop.svc.cluster.local")
                        .subset("v2")
                        .port(80)
                        .percent(12.5)
                        .build()))
            .directResponse(DirectResponse.builder().status(418).body("dGVh").build())
            .cors(cors())
            .build();
    Service service =
        Service.builder()
            .host("orders.shop.svc.cluster.local")
            .name("orders")
            .namespace("shop")
            .authorities(Arrays.asList("orders", "orders.shop"))
            .ports(Arrays.asList(80, 443))
            .external(true)
            .endpoints(
                Collections.singletonList(
                    Endpoint.builder()
                        .id("i1")
                        .address("10.0.0.1")
                        .port(8080)
                        .labels(Collections.singletonMap("version", "v1"))
                        .locality("eu/a/1")
                        .weight(3)
                        .mtls(true)
                        .ready(false)
                        .spiffeId("spiffe://cluster.local/ns/shop/sa/orders")
                        .build()))
            .trafficPolicy(traffic)
            .subsets(
                Collections.singletonList(
                    Subset.builder()
                        .name("v1")
                        .labels(Collections.singletonMap("version", "v1"))
                        .trafficPolicy(traffic)
                        .build()))
            .routes(Collections.singletonList(route))
            .connectionRoutes(Collections.singletonList(route))
            .build();
    return Snapshot.builder()
        .version(Long.MAX_VALUE)
        .epoch("e1")
        .restored(true)
        .trustDomain("example.org")
        .trustBundle(Collections.singletonList("-----BEGIN CERTIFICATE-----\n"))
        .withdrawn(Collections.singletonList("spiffe://example.org/ns/a/sa/b"))
        .localNamespace("shop")
        .services(Collections.singletonList(service))
        .locality("eu/a")
        .scope("shop/web@7")
        .outbound(OutboundTrafficPolicy.REGISTRY_ONLY)
        .inbound(
            inbound().toBuilder()
                .limits(Collections.singletonList(limit()))
                .shedding(shedding())
                .portShedding(Collections.singletonMap(8080, shedding()))
                .build())
        .databases(Collections.singletonList(database()))
        .telemetry(telemetry())
        .probe(
            ReadinessProbe.builder()
                .method(ReadinessProbe.Method.TCP)
                .host("db")
                .port(5432)
                .path("/ready")
                .headers(Collections.singletonMap("x-probe", "1"))
                .initialDelaySeconds(1)
                .timeoutSeconds(2)
                .periodSeconds(3)
                .successThreshold(4)
                .failureThreshold(5)
                .build())
        .build();
  }

  private static TelemetryPolicy telemetry() {
    TelemetrySide side =
        TelemetrySide.builder()
            .samplingPercent(12.5)
            .spans(false)
            .propagation(false)
            .tags(
                Collections.singletonList(
                    SpanTag.builder()
                        .name("tenant")
                        .origin(SpanTag.Origin.HEADER)
                        .value("x-tenant")
                        .defaultValue("none")
                        .build()))
            .log(TelemetrySide.Log.ON)
            .logFilter("response.code >= 500")
            .disabledMetrics(Collections.singletonList("REQUEST_DURATION"))
            .metricTags(
                Collections.singletonList(
                    MetricTag.builder()
                        .metric("REQUEST_COUNT")
                        .tag("method")
                        .value("request.method")
                        .build()))
            .build();
    return TelemetryPolicy.builder().client(side).server(side).build();
  }

  private static CorsPolicy cors() {
    return CorsPolicy.builder()
        .allowOrigins(Collections.singletonList(StringMatch.prefix("https://")))
        .allowMethods(Collections.singletonList("PUT"))
        .allowHeaders(Collections.singletonList("*"))
        .exposeHeaders(Collections.singletonList("x-total"))
        .maxAgeSeconds(0)
        .allowCredentials(true)
        .forwardUnmatchedPreflights(false)
        .build();
  }

  private static RateLimit limit() {
    return RateLimit.builder()
        .name("shop/orders/each")
        .namespace("shop")
        .rules(
            Collections.singletonList(
                Rule.builder()
                    .to(
                        Collections.singletonList(
                            Operation.builder().methods(Collections.singletonList("POST")).build()))
                    .build()))
        .byIdentity(true)
        .byAddress(true)
        .byPath(true)
        .byHeader("x-tenant")
        .perSecond(0.5)
        .burst(6)
        .instances(3)
        .maxKeys(100)
        .build();
  }

  private static LoadShedding shedding() {
    return LoadShedding.builder()
        .name("shop/orders")
        .namespace("shop")
        .minConcurrency(5)
        .maxConcurrency(70)
        .initialConcurrency(6)
        .priorities(
            Collections.singletonList(
                LoadPriority.builder()
                    .name("others")
                    .rules(limit().rules)
                    .share(30)
                    .exempt(true)
                    .build()))
        .build();
  }

  private static DatabasePolicy database() {
    return DatabasePolicy.builder()
        .name("orders-db")
        .namespace("shop")
        .urls(Collections.singletonList("jdbc:postgresql://db-*/orders"))
        .hosts(Collections.singletonList("*.db.example"))
        .connections(
            DatabaseConnections.builder()
                .timeoutMillis(1)
                .retries(2)
                .backoffMillis(3)
                .max(4)
                .maxWaitMillis(5)
                .build())
        .statements(
            DatabaseStatements.builder()
                .timeoutMillis(1)
                .slowMillis(2)
                .maxConcurrent(3)
                .maxWaitMillis(4)
                .perSecond(0.5)
                .burst(6)
                .readOnly(true)
                .denied(Collections.singletonList("DROP"))
                .build())
        .breaker(
            DatabaseBreaker.builder().window(20).failurePercent(50).openMillis(3).probes(4).build())
        .redirect(
            DatabaseRedirect.builder()
                .hosts(
                    Collections.singletonList(
                        DatabaseHost.builder()
                            .address("pg-2.example")
                            .port(5433)
                            .replica(true)
                            .spiffeId("spiffe://example.org/ns/db/sa/pg")
                            .build()))
                .readWriteSplit(true)
                .consecutiveFailures(4)
                .ejectionMillis(5)
                .probeMillis(6)
                .build())
        .tls(DatabaseTls.MESH)
        .build();
  }

  private static InboundPolicy inbound() {
    Source source =
        Source.builder()
            .principals(Collections.singletonList("cluster.local/ns/a/sa/b"))
            .notPrincipals(Collections.singletonList("*"))
            .namespaces(Collections.singletonList("a"))
            .notNamespaces(Collections.singletonList("b"))
            .serviceAccounts(Collections.singletonList("a/b"))
            .notServiceAccounts(Collections.singletonList("a/c"))
            .ipBlocks(Collections.singletonList("10.0.0.0/8"))
            .notIpBlocks(Collections.singletonList("10.1.0.0/16"))
            .requestPrincipals(Collections.singletonList("issuer/a"))
            .notRequestPrincipals(Collections.singletonList("issuer/b"))
            .trustDomains(Collections.singletonList("a"))
            .notTrustDomains(Collections.singletonList("b"))
            .remoteIpBlocks(Collections.singletonList("10.2.0.0/16"))
            .notRemoteIpBlocks(Collections.singletonList("10.3.0.0/16"))
            .build();
    Operation operation =
        Operation.builder()
            .hosts(Collections.singletonList("a"))
            .notHosts(Collections.singletonList("b"))
            .ports(Collections.singletonList("80"))
            .notPorts(Collections.singletonList("81"))
            .methods(Collections.singletonList("GET"))
            .notMethods(Collections.singletonList("PUT"))
            .paths(Collections.singletonList("/a*"))
            .notPaths(Collections.singletonList("/b"))
            .build();
    Condition condition =
        Condition.builder()
            .key("request.headers[x]")
            .values(Collections.singletonList("1"))
            .notValues(Collections.singletonList("2"))
            .build();
    Rule rule =
        Rule.builder()
            .from(Collections.singletonList(source))
            .to(Collections.singletonList(operation))
            .when(Collections.singletonList(condition))
            .build();
    return InboundPolicy.builder()
        .mode(MtlsMode.STRICT)
        .portModes(Collections.singletonMap(8080, MtlsMode.DISABLE))
        .jwtRules(Collections.singletonList(jwtRule()))
        .trustedProxies(2)
        .cors(Collections.singletonList(Route.builder().name("web").cors(cors()).build()))
        .authorization(
            Collections.singletonList(
                AuthorizationPolicy.builder()
                    .name("deny")
                    .namespace("shop")
                    .action(AuthorizationPolicy.Action.DENY)
                    .rules(Collections.singletonList(rule))
                    .dryRun(true)
                    .provider("authz")
                    .build()))
        .authorizers(Collections.singletonList(authorizer()))
        .build();
  }

  private static ExternalAuthorizer authorizer() {
    return ExternalAuthorizer.builder()
        .name("authz")
        .host("authz.shop.svc.cluster.local")
        .port(8000)
        .timeoutMillis(250)
        .pathPrefix("/check")
        .failOpen(true)
        .statusOnError(503)
        .includeRequestHeadersInCheck(Collections.singletonList("cookie"))
        .includeAdditionalHeadersInCheck(Collections.singletonMap("x-mesh", "weft"))
        .maxRequestBytes(8_192)
        .allowPartialMessage(true)
        .headersToUpstreamOnAllow(Collections.singletonList("x-user"))
        .headersToDownstreamOnAllow(Collections.singletonList("x-quota"))
        .headersToDownstreamOnDeny(Collections.singletonList("set-cookie"))
        .build();
  }

  private static JwtRule jwtRule() {
    return JwtRule.builder()
        .policy("shop/users")
        .issuer("issuer")
        .audiences(Collections.singletonList("shop"))
        .keys(
            Collections.singletonList(
                JwtKey.builder()
                    .id("a")
                    .algorithm("ES256")
                    .type(JwtKey.Type.EC)
                    .curve("P-256")
                    .first("x")
                    .second("y")
                    .build()))
        .fromHeaders(
            Collections.singletonList(JwtHeader.builder().name("x-token").prefix("JWT ").build()))
        .fromParams(Collections.singletonList("token"))
        .fromCookies(Collections.singletonList("session"))
        .forwardOriginalToken(true)
        .outputPayloadToHeader("x-payload")
        .outputClaimToHeaders(
            Collections.singletonList(ClaimHeader.builder().header("x-sub").claim("sub").build()))
        .spaceDelimitedClaims(Collections.singletonList("roles"))
        .build();
  }
}
