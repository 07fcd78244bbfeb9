package dev.weft.policy.resource;

import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.RetryBudget;
import dev.weft.policy.snapshot.Subset;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import dev.weft.policy.snapshot.Warmup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a DestinationRule says. Immutable. */
public final class DestinationRuleSpec {
  /** Host as written: a short name, a full name or {@code *.suffix}. */
  public final String host;

  /** Whether anything is said of the service as a whole. */
  public final boolean hasTrafficPolicy;

  /** Policy of the service as a whole. */
  public final TrafficPolicy trafficPolicy;

  /** Subsets, each with its policy laid over that of the service. */
  public final List<Subset> subsets;

  /** To whom it is there; with a selector, to its own namespace alone. */
  public final Visibility visibility;

  /** Labels of the callers that it is for, empty for all of its namespace; null without any. */
  public final @Nullable Map<String, String> selector;

  private DestinationRuleSpec(
      String host,
      boolean hasTrafficPolicy,
      TrafficPolicy trafficPolicy,
      List<Subset> subsets,
      Visibility visibility,
      @Nullable Map<String, String> selector) {
    this.host = host;
    this.hasTrafficPolicy = hasTrafficPolicy;
    this.trafficPolicy = trafficPolicy;
    this.subsets = Collections.unmodifiableList(subsets);
    this.visibility = visibility;
    this.selector = selector;
  }

  static DestinationRuleSpec of(SpecFields spec, String namespace) {
    TrafficPolicy policy =
        DestinationAnnotations.applied(
            spec, over(TrafficPolicy.defaults(), spec.object("trafficPolicy")));
    List<Subset> subsets =
        new ArrayList<>(
            spec.objects(
                "subsets",
                subset ->
                    Subset.builder()
                        .name(subset.text("name", ""))
                        .labels(subset.textMap("labels"))
                        .trafficPolicy(
                            DestinationAnnotations.applied(
                                spec, over(policy, subset.object("trafficPolicy"))))
                        .build()));
    Map<String, String> selector =
        spec.optionalObject(
            DestinationRuleKind.SELECTOR,
            choice -> Collections.unmodifiableMap(choice.textMap("matchLabels")));
    return new DestinationRuleSpec(
        spec.text("host", ""),
        spec.has("trafficPolicy") || DestinationAnnotations.any(spec),
        policy,
        subsets,
        selector == null
            ? Visibility.of(spec.texts(Visibility.FIELD), namespace)
            : Visibility.ownOf(namespace),
        selector);
  }

  /**
   * Istio's way to merge: what a subset says holds for each port; what it says for a port comes in
   * place of all that is said elsewhere, and inherits nothing of it.
   */
  private static TrafficPolicy over(TrafficPolicy below, SpecFields policy) {
    TrafficPolicy merged = parts(below, policy);
    Map<Integer, TrafficPolicy> ports = new LinkedHashMap<>();
    for (SpecFields settings : policy.objects("portLevelSettings", fields -> fields)) {
      TrafficPolicy plain = TrafficPolicy.builder().retryBudget(merged.retryBudget).build();
      ports.putIfAbsent(settings.object("port").integer("number", 0), parts(plain, settings));
    }
    for (Map.Entry<Integer, TrafficPolicy> port : below.ports.entrySet()) {
      ports.putIfAbsent(port.getKey(), parts(port.getValue(), policy));
    }
    return merged.toBuilder().ports(ports).build();
  }

  /** Each part that is given replaces the part below as a whole. */
  private static TrafficPolicy parts(TrafficPolicy below, SpecFields policy) {
    TrafficPolicy.Builder merged =
        below.toBuilder().ports(Collections.<Integer, TrafficPolicy>emptyMap());
    if (policy.has("loadBalancer")) {
      SpecFields loadBalancer = policy.object("loadBalancer");
      merged
          .loadBalancer(loadBalancer(loadBalancer))
          .consistentHash(loadBalancer.optionalObject("consistentHash", ConsistentHashes::of))
          .localities(Localities.of(loadBalancer.object("localityLbSetting")))
          .warmup(warmup(loadBalancer));
    }
    if (policy.has("connectionPool")) {
      merged.connectionPool(connectionPool(policy.object("connectionPool")));
    }
    if (policy.has("outlierDetection")) {
      merged.outlierDetection(outlierDetection(policy.object("outlierDetection")));
    }
    if (policy.has("tls")) {
      // Istio: a tls section without a mode means DISABLE.
      SpecFields tls = policy.object("tls");
      TlsMode mode = TlsMode.valueOf(tls.text("mode", "DISABLE"));
      merged
          .tls(mode)
          .origination(origination(mode, tls))
          .subjectAltNames(tls.texts("subjectAltNames"));
    }
    if (policy.has("retryBudget")) {
      merged.retryBudget(retryBudget(policy.object("retryBudget")));
    }
    return merged.build();
  }

  private static LoadBalancer loadBalancer(SpecFields loadBalancer) {
    switch (loadBalancer.text("simple", "UNSPECIFIED")) {
      case "ROUND_ROBIN":
        return LoadBalancer.ROUND_ROBIN;
      case "RANDOM":
        return LoadBalancer.RANDOM;
      default:
        // LEAST_CONN is Istio's old name of the same.
        return LoadBalancer.LEAST_REQUEST;
    }
  }

  private static @Nullable Warmup warmup(SpecFields loadBalancer) {
    Warmup.Builder warmup = Warmup.builder();
    if (loadBalancer.has("warmup")) {
      SpecFields given = loadBalancer.object("warmup");
      return warmup
          .durationMillis(given.millis("duration", 1))
          .minimumPercent(given.number("minimumPercent", 10))
          .aggression(given.number("aggression", 1))
          .build();
    }
    long seconds = loadBalancer.millis("warmupDurationSecs", 0);
    return seconds == 0 ? null : warmup.durationMillis(seconds).build();
  }

  private static ConnectionPool connectionPool(SpecFields pool) {
    SpecFields tcp = pool.object("tcp");
    SpecFields http = pool.object("http");
    return ConnectionPool.builder()
        .maxConnections(tcp.integer("maxConnections", 0))
        .connectTimeoutMillis(tcp.millis("connectTimeout", 0))
        .http1MaxPendingRequests(http.integer("http1MaxPendingRequests", 0))
        .http2MaxRequests(http.integer("http2MaxRequests", 0))
        .maxRequestsPerConnection(http.integer("maxRequestsPerConnection", 0))
        .maxRetries(http.integer("maxRetries", 0))
        .maxConnectionMillis(tcp.millis("maxConnectionDuration", 0))
        .build();
  }

  private static OutlierDetection outlierDetection(SpecFields outlier) {
    OutlierDetection defaults = OutlierDetection.builder().build();
    return OutlierDetection.builder()
        .consecutive5xxErrors(
            outlier.integer("consecutive5xxErrors", defaults.consecutive5xxErrors))
        .consecutiveGatewayErrors(
            outlier.integer("consecutiveGatewayErrors", defaults.consecutiveGatewayErrors))
        .consecutiveLocalOriginFailures(
            outlier.integer(
                "consecutiveLocalOriginFailures", defaults.consecutiveLocalOriginFailures))
        .splitExternalLocalOriginErrors(outlier.flag("splitExternalLocalOriginErrors", false))
        .intervalMillis(outlier.millis("interval", defaults.intervalMillis))
        .baseEjectionMillis(outlier.millis("baseEjectionTime", defaults.baseEjectionMillis))
        .maxEjectionPercent(outlier.integer("maxEjectionPercent", defaults.maxEjectionPercent))
        .minHealthPercent(outlier.integer("minHealthPercent", defaults.minHealthPercent))
        .errorCodes(outlier.integers("outlierDetectionHttpErrorCodes"))
        .build();
  }

  /** What a mode has no use for is left out. */
  private static TlsOrigination origination(TlsMode mode, SpecFields tls) {
    if (mode == TlsMode.ISTIO_MUTUAL) {
      return TlsOrigination.builder().sni(tls.text("sni", "")).build();
    }
    if (!mode.isOutside()) {
      return TlsOrigination.defaults();
    }
    boolean mutual = mode == TlsMode.MUTUAL;
    boolean blind = tls.flag("insecureSkipVerify", false);
    return TlsOrigination.builder()
        .sni(tls.text("sni", ""))
        .caCertificates(tls.text("caCertificates", ""))
        .caCrl(blind ? "" : tls.text("caCrl", ""))
        .clientCertificate(mutual ? tls.text("clientCertificate", "") : "")
        .privateKey(mutual ? tls.text("privateKey", "") : "")
        .insecureSkipVerify(blind)
        .build();
  }

  private static RetryBudget retryBudget(SpecFields budget) {
    RetryBudget defaults = RetryBudget.defaults();
    return RetryBudget.builder()
        .percent(budget.number("percent", defaults.percent))
        .minRetryConcurrency(budget.integer("minRetryConcurrency", defaults.minRetryConcurrency))
        .budgetIntervalMillis(budget.millis("budgetInterval", defaults.budgetIntervalMillis))
        .build();
  }
}
