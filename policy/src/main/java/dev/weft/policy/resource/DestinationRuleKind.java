package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.Durations;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.HashSet;
import java.util.Set;

/** Istio DestinationRule: the table of its fields. */
final class DestinationRuleKind {
  /** Says which callers of its own namespace the rule is for. */
  static final String SELECTOR = "workloadSelector";

  /** The client opens connections as it needs them. */
  static final String NOTHING_PENDING = "without maxConnections no request waits for a connection";

  private static final Type PERCENT = Scalars.integer(0, 100);

  private static final Type WARMUP =
      ObjectType.of("warmup")
          .required("duration", Shared.DURATION)
          .field("minimumPercent", Scalars.number(0, 100))
          .field("aggression", Scalars.number(1, Integer.MAX_VALUE))
          .nullable("minimumPercent", "aggression")
          .build();

  private static final Type LOAD_BALANCER =
      ObjectType.of("loadBalancer")
          .field(
              "simple",
              Scalars.choice("UNSPECIFIED", "LEAST_REQUEST", "LEAST_CONN", "ROUND_ROBIN", "RANDOM")
                  .refused("PASSTHROUGH", "keeping the address that the application has found"))
          .field("consistentHash", ConsistentHashes.TYPE)
          .field("localityLbSetting", Localities.TYPE)
          .refused("zoneAwareLbSetting", "balancing by zone")
          .field("warmup", WARMUP)
          .field("warmupDurationSecs", Shared.DURATION)
          .rule(DestinationRuleKind::checkLoadBalancer)
          .build();

  private static final Type CONNECTION_POOL =
      ObjectType.of("connectionPool")
          .field(
              "tcp",
              ObjectType.of("connectionPool.tcp")
                  .field("maxConnections", Shared.COUNT)
                  .field("connectTimeout", Shared.DURATION)
                  .refused("tcpKeepalive", "TCP keep-alive, which the client sets")
                  .field("maxConnectionDuration", Shared.DURATION)
                  .field(
                      "idleTimeout",
                      Scalars.text("a duration; more than 0s is refused", Checks::duration))
                  .rule(DestinationRuleKind::checkIdleTimeout)
                  .build())
          .field(
              "http",
              ObjectType.of("connectionPool.http")
                  .field("http1MaxPendingRequests", Shared.COUNT)
                  .field("http2MaxRequests", Shared.COUNT)
                  .field("maxRequestsPerConnection", Shared.COUNT)
                  .field("maxRetries", Shared.COUNT)
                  .refused(
                      "idleTimeout", "an idle timeout of HTTP connections, which the client sets")
                  // The client speaks to the instance itself: it keeps the protocol that it chose.
                  .field(
                      "h2UpgradePolicy",
                      Scalars.choice("DEFAULT", "DO_NOT_UPGRADE")
                          .refused("UPGRADE", "speaking HTTP/2 where the client does not"))
                  .withoutEffect(
                      "useClientProtocol",
                      Scalars.flag(),
                      "without a proxy the client's own protocol is always used")
                  .refused(
                      "maxConcurrentStreams", "a limit on HTTP/2 streams, which the client sets")
                  .refused("http2KeepAlive", "HTTP/2 keep-alive, which the client sets")
                  .rule(DestinationRuleKind::checkProtocol)
                  .build())
          .rule(DestinationRuleKind::checkConnectionPool)
          .build();

  private static final Type OUTLIER_DETECTION =
      ObjectType.of("outlierDetection")
          .field("consecutive5xxErrors", Shared.LONG_COUNT)
          .field("consecutiveGatewayErrors", Shared.LONG_COUNT)
          .field("consecutiveLocalOriginFailures", Shared.LONG_COUNT)
          .nullable(
              "consecutive5xxErrors", "consecutiveGatewayErrors", "consecutiveLocalOriginFailures")
          .field("splitExternalLocalOriginErrors", Scalars.flag())
          .field("interval", Shared.DURATION)
          .field("baseEjectionTime", Shared.DURATION)
          .field("maxEjectionPercent", PERCENT)
          .field("minHealthPercent", PERCENT)
          .withoutEffect(
              "consecutiveErrors",
              Shared.COUNT,
              "Istio took its meaning away; use consecutive5xxErrors or consecutiveGatewayErrors")
          .field("outlierDetectionHttpErrorCodes", ListType.of(Scalars.integer(100, 599)))
          .rule(DestinationRuleKind::checkOutlierDetection)
          .build();

  private static final Type TLS =
      ObjectType.of("tls")
          .field("mode", Scalars.choice("DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"))
          .field("clientCertificate", Scalars.text())
          .field("privateKey", Scalars.text())
          .field("caCertificates", Scalars.text())
          .field("caCrl", Scalars.text())
          .refused(
              "credentialName",
              "a Kubernetes Secret, which no agent reads; mount it where the application runs and"
                  + " name its files in caCertificates, clientCertificate and privateKey")
          .field("subjectAltNames", Shared.SUBJECT_ALT_NAMES)
          .field("sni", Scalars.text())
          .field("insecureSkipVerify", Scalars.flag())
          .nullable("insecureSkipVerify")
          .rule(TlsSettings::check)
          .build();

  private static final Type RETRY_BUDGET =
      ObjectType.of("retryBudget")
          .field("percent", Scalars.number(0, 100))
          .field("minRetryConcurrency", Shared.COUNT)
          .field("budgetInterval", Shared.DURATION)
          .build();

  private static final Type PORT_POLICY =
      ObjectType.of("portLevelSettings")
          .required(
              "port",
              ObjectType.of("portLevelSettings.port").required("number", Shared.PORT).build())
          .field("loadBalancer", LOAD_BALANCER)
          .field("connectionPool", CONNECTION_POOL)
          .field("outlierDetection", OUTLIER_DETECTION)
          .field("tls", TLS)
          .rule(DestinationRuleKind::checkPortPolicy)
          .rule(DestinationRuleKind::checkFailover)
          .build();

  private static final Type TRAFFIC_POLICY =
      ObjectType.of("trafficPolicy")
          .field("loadBalancer", LOAD_BALANCER)
          .field("connectionPool", CONNECTION_POOL)
          .field("outlierDetection", OUTLIER_DETECTION)
          .field("tls", TLS)
          .field("retryBudget", RETRY_BUDGET)
          .field("portLevelSettings", ListType.of(PORT_POLICY))
          .refused("tunnel", "tunnelling")
          .refused("proxyProtocol", "the PROXY protocol")
          .rule(DestinationRuleKind::checkTrafficPolicy)
          .rule(DestinationRuleKind::checkFailover)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("DestinationRule")
          .required("host", Scalars.text("a host name", Checks::wildcardHost))
          .field("trafficPolicy", TRAFFIC_POLICY)
          .field(
              "subsets",
              ListType.of(
                  ObjectType.of("subset")
                      .required("name", Shared.SUBSET_NAME)
                      .field("labels", Shared.LABELS)
                      .field("trafficPolicy", TRAFFIC_POLICY)
                      .build()))
          .field(Visibility.FIELD, Visibility.TYPE)
          .rule(Visibility::check)
          .field(SELECTOR, Shared.SELECTOR)
          .rule(DestinationRuleKind::checkSubsets)
          .build();

  private DestinationRuleKind() {}

  private static void checkLoadBalancer(ObjectView loadBalancer) {
    if (loadBalancer.has("simple") && loadBalancer.has("consistentHash")) {
      loadBalancer.invalid("consistentHash", "must not stand beside simple");
    }
    if (loadBalancer.has("localityLbSetting") && loadBalancer.has("zoneAwareLbSetting")) {
      loadBalancer.invalid("zoneAwareLbSetting", "must not stand beside localityLbSetting");
    }
    // Envoy warms up under these two only: a ring, or a draw without weights, knows no rise.
    boolean other =
        loadBalancer.has("consistentHash") || loadBalancer.text("simple").equals("RANDOM");
    for (String warmup : new String[] {"warmup", "warmupDurationSecs"}) {
      if (other && loadBalancer.has(warmup)) {
        loadBalancer.notInForce(
            warmup, warmup + " with another balancer than LEAST_REQUEST and ROUND_ROBIN");
      }
    }
  }

  private static void checkConnectionPool(ObjectView pool) {
    if (!pool.hasAny("tcp", "http")) {
      pool.invalid("must have tcp, http or both");
    }
    ObjectView http = pool.object("http");
    if (http != null && http.number("http1MaxPendingRequests", 0) > 0) {
      ObjectView tcp = pool.object("tcp");
      if (tcp == null || tcp.number("maxConnections", 0) == 0) {
        http.withoutEffect("http1MaxPendingRequests", NOTHING_PENDING);
      }
    }
  }

  /** The agent closes no idle connection, so that it does what 0s says. */
  private static void checkIdleTimeout(ObjectView tcp) {
    String timeout = tcp.text("idleTimeout");
    if (!timeout.isEmpty() && Checks.duration(timeout) == null && Durations.nanos(timeout) > 0) {
      tcp.notInForce("idleTimeout", "an idle timeout of TCP connections, which the client sets");
    }
  }

  private static void checkProtocol(ObjectView http) {
    if (http.text("useClientProtocol").equalsIgnoreCase("true")
        && http.text("h2UpgradePolicy").equals("UPGRADE")) {
      http.invalid("useClientProtocol", "must not stand beside h2UpgradePolicy UPGRADE");
    }
  }

  private static void checkOutlierDetection(ObjectView outlier) {
    if (outlier.number("consecutiveLocalOriginFailures", 0) > 0
        && !outlier.text("splitExternalLocalOriginErrors").equalsIgnoreCase("true")) {
      outlier.invalid(
          "consecutiveLocalOriginFailures",
          "has an effect only with splitExternalLocalOriginErrors: true; set it");
    }
  }

  /** Istio warns of it, too. */
  private static void checkFailover(ObjectView policy) {
    ObjectView balancer = policy.object("loadBalancer");
    ObjectView localities = balancer == null ? null : balancer.object("localityLbSetting");
    if (localities == null || policy.has("outlierDetection")) {
      return;
    }
    for (String field : new String[] {"failover", "failoverPriority"}) {
      if (localities.hasContent(field)) {
        localities.withoutEffect(
            field, "without outlierDetection no endpoint is ever out, so that none stands in");
      }
    }
  }

  private static void checkPortPolicy(ObjectView policy) {
    if (!policy.hasAny("loadBalancer", "connectionPool", "outlierDetection", "tls")) {
      policy.invalid("must have a field beside port");
    }
  }

  private static void checkTrafficPolicy(ObjectView policy) {
    boolean says =
        policy.hasAny(
            "loadBalancer", "connectionPool", "outlierDetection", "tls", "tunnel", "proxyProtocol");
    if (!says && !policy.hasContent("portLevelSettings") && !policy.has("retryBudget")) {
      policy.invalid("must have at least one field");
    }
    if (policy.has("tunnel") && policy.has("proxyProtocol")) {
      policy.invalid("proxyProtocol", "must not stand beside tunnel; keep one");
    }
  }

  private static void checkSubsets(ObjectView spec) {
    Set<String> names = new HashSet<>();
    for (ObjectView subset : spec.objects("subsets")) {
      if (subset.has("name") && !names.add(subset.text("name"))) {
        subset.invalid("name", "is the name of another subset, too; choose another");
      }
    }
  }
}
