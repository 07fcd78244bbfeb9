package dev.weft.policy.snapshot;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire documents of how a destination is balanced, limited and secured. */
final class TrafficDocuments {
  private TrafficDocuments() {}

  static TrafficPolicy trafficPolicy(JsonObject from) {
    return TrafficPolicy.builder()
        .loadBalancer(from.constant("loadBalancer", LoadBalancer.class, LoadBalancer.LEAST_REQUEST))
        .consistentHash(from.optionalObject("consistentHash", TrafficDocuments::consistentHash))
        .localities(
            from.object("localities", TrafficDocuments::localities, LocalityBalancing.defaults()))
        .warmup(from.optionalObject("warmup", TrafficDocuments::warmup))
        .connectionPool(
            from.object(
                "connectionPool", TrafficDocuments::connectionPool, ConnectionPool.unlimited()))
        .outlierDetection(
            from.optionalObject("outlierDetection", TrafficDocuments::outlierDetection))
        .healthCheck(from.optionalObject("healthCheck", TrafficDocuments::healthCheck))
        .tls(from.constant("tls", TlsMode.class, TlsMode.UNSET))
        .origination(
            from.object("origination", TrafficDocuments::origination, TlsOrigination.defaults()))
        .subjectAltNames(from.texts("subjectAltNames"))
        .retryBudget(
            from.object("retryBudget", TrafficDocuments::retryBudget, RetryBudget.defaults()))
        .hedgeAfterMillis(from.longValue("hedgeAfterMillis", 0))
        .ports(from.objectsByPort("ports", TrafficDocuments::trafficPolicy))
        .build();
  }

  private static ConsistentHash consistentHash(JsonObject from) {
    return ConsistentHash.builder()
        .key(from.constant("key", ConsistentHash.Key.class, ConsistentHash.Key.HEADER))
        .name(from.text("name", ""))
        .generated(from.optionalObject("generated", TrafficDocuments::sessionCookie))
        .algorithm(
            from.constant(
                "algorithm", ConsistentHash.Algorithm.class, ConsistentHash.Algorithm.RING_HASH))
        .size(from.intValue("size", 0))
        .build();
  }

  private static LocalityBalancing localities(JsonObject from) {
    return LocalityBalancing.builder()
        .enabled(from.flag("enabled", true))
        .distribute(from.objects("distribute", TrafficDocuments::distribution))
        .failover(from.textMap("failover"))
        .failoverPriority(from.texts("failoverPriority"))
        .build();
  }

  private static LocalityDistribution distribution(JsonObject from) {
    return LocalityDistribution.builder().from(from.text("from", "")).to(from.intMap("to")).build();
  }

  private static Warmup warmup(JsonObject from) {
    return Warmup.builder()
        .durationMillis(from.longValue("durationMillis", 1))
        .minimumPercent(from.decimal("minimumPercent", 10))
        .aggression(from.decimal("aggression", 1))
        .build();
  }

  private static SessionCookie sessionCookie(JsonObject from) {
    return SessionCookie.builder()
        .ttlSeconds(from.longValue("ttlSeconds", 0))
        .path(from.text("path", ""))
        .attributes(from.textMap("attributes"))
        .build();
  }

  private static ConnectionPool connectionPool(JsonObject from) {
    return ConnectionPool.builder()
        .connectTimeoutMillis(from.longValue("connectTimeoutMillis", 0))
        .maxConnections(from.intValue("maxConnections", 0))
        .http1MaxPendingRequests(from.intValue("http1MaxPendingRequests", 0))
        .http2MaxRequests(from.intValue("http2MaxRequests", 0))
        .maxRequestsPerConnection(from.intValue("maxRequestsPerConnection", 0))
        .maxRetries(from.intValue("maxRetries", 0))
        .maxConnectionMillis(from.longValue("maxConnectionMillis", 0))
        .idleTimeoutMillis(from.longValue("idleTimeoutMillis", 0))
        .build();
  }

  private static OutlierDetection outlierDetection(JsonObject from) {
    return OutlierDetection.builder()
        .consecutive5xxErrors(from.intValue("consecutive5xxErrors", 5))
        .consecutiveGatewayErrors(from.intValue("consecutiveGatewayErrors", 0))
        .consecutiveLocalOriginFailures(from.intValue("consecutiveLocalOriginFailures", 5))
        .splitExternalLocalOriginErrors(from.flag("splitExternalLocalOriginErrors", false))
        .intervalMillis(from.longValue("intervalMillis", 10_000L))
        .baseEjectionMillis(from.longValue("baseEjectionMillis", 30_000L))
        .maxEjectionPercent(from.intValue("maxEjectionPercent", 10))
        .minHealthPercent(from.intValue("minHealthPercent", 0))
        .errorCodes(from.ints("errorCodes"))
        .build();
  }

  private static HealthCheck healthCheck(JsonObject from) {
    return HealthCheck.builder()
        .path(from.text("path", "/"))
        .intervalMillis(from.longValue("intervalMillis", 10_000))
        .build();
  }

  private static TlsOrigination origination(JsonObject from) {
    return TlsOrigination.builder()
        .sni(from.text("sni", ""))
        .caCertificates(from.text("caCertificates", ""))
        .caCrl(from.text("caCrl", ""))
        .clientCertificate(from.text("clientCertificate", ""))
        .privateKey(from.text("privateKey", ""))
        .insecureSkipVerify(from.flag("insecureSkipVerify", false))
        .build();
  }

  private static RetryBudget retryBudget(JsonObject from) {
    return RetryBudget.builder()
        .percent(from.decimal("percent", 20.0))
        .minRetryConcurrency(from.intValue("minRetryConcurrency", 3))
        .budgetIntervalMillis(from.longValue("budgetIntervalMillis", 10_000L))
        .build();
  }

  static Map<String, Object> write(TrafficPolicy from) {
    return new JsonWriter()
        .text("loadBalancer", from.loadBalancer.name())
        .optionalObject("consistentHash", from.consistentHash, TrafficDocuments::write)
        .object("localities", write(from.localities))
        .optionalObject("warmup", from.warmup, TrafficDocuments::write)
        .object("connectionPool", write(from.connectionPool))
        .optionalObject("outlierDetection", from.outlierDetection, TrafficDocuments::write)
        .optionalObject("healthCheck", from.healthCheck, TrafficDocuments::write)
        .text("tls", from.tls.name())
        .object("origination", write(from.origination))
        .list("subjectAltNames", from.subjectAltNames)
        .object("retryBudget", write(from.retryBudget))
        .number("hedgeAfterMillis", from.hedgeAfterMillis, 0)
        .map("ports", from.ports, TrafficDocuments::write)
        .map();
  }

  private static Map<String, Object> write(ConsistentHash from) {
    return new JsonWriter()
        .text("key", from.key.name())
        .text("name", from.name)
        .optionalObject("generated", from.generated, TrafficDocuments::write)
        .text("algorithm", from.algorithm.name())
        .number("size", from.size, 0)
        .map();
  }

  private static Map<String, Object> write(LocalityBalancing from) {
    return new JsonWriter()
        .flag("enabled", from.enabled, true)
        .list("distribute", from.distribute, TrafficDocuments::write)
        .map("failover", from.failover, v -> v)
        .list("failoverPriority", from.failoverPriority)
        .map();
  }

  private static Map<String, Object> write(LocalityDistribution from) {
    return new JsonWriter().text("from", from.from).map("to", from.to, v -> v).map();
  }

  private static Map<String, Object> write(Warmup from) {
    return new JsonWriter()
        .number("durationMillis", from.durationMillis, 1)
        .decimal("minimumPercent", from.minimumPercent, 10)
        .decimal("aggression", from.aggression, 1)
        .map();
  }

  private static Map<String, Object> write(SessionCookie from) {
    return new JsonWriter()
        .number("ttlSeconds", from.ttlSeconds, 0)
        .text("path", from.path)
        .map("attributes", from.attributes, v -> v)
        .map();
  }

  private static Map<String, Object> write(ConnectionPool from) {
    return new JsonWriter()
        .number("connectTimeoutMillis", from.connectTimeoutMillis, 0)
        .number("maxConnections", from.maxConnections, 0)
        .number("http1MaxPendingRequests", from.http1MaxPendingRequests, 0)
        .number("http2MaxRequests", from.http2MaxRequests, 0)
        .number("maxRequestsPerConnection", from.maxRequestsPerConnection, 0)
        .number("maxRetries", from.maxRetries, 0)
        .number("maxConnectionMillis", from.maxConnectionMillis, 0)
        .number("idleTimeoutMillis", from.idleTimeoutMillis, 0)
        .map();
  }

  private static Map<String, Object> write(OutlierDetection from) {
    return new JsonWriter()
        .number("consecutive5xxErrors", from.consecutive5xxErrors, 5)
        .number("consecutiveGatewayErrors", from.consecutiveGatewayErrors, 0)
        .number("consecutiveLocalOriginFailures", from.consecutiveLocalOriginFailures, 5)
        .flag("splitExternalLocalOriginErrors", from.splitExternalLocalOriginErrors, false)
        .number("intervalMillis", from.intervalMillis, 10_000L)
        .number("baseEjectionMillis", from.baseEjectionMillis, 30_000L)
        .number("maxEjectionPercent", from.maxEjectionPercent, 10)
        .number("minHealthPercent", from.minHealthPercent, 0)
        .list("errorCodes", from.errorCodes)
        .map();
  }

  private static Map<String, Object> write(HealthCheck from) {
    return new JsonWriter()
        .text("path", from.path)
        .number("intervalMillis", from.intervalMillis, 10_000)
        .map();
  }

  private static Map<String, Object> write(TlsOrigination from) {
    return new JsonWriter()
        .text("sni", said(from.sni))
        .text("caCertificates", said(from.caCertificates))
        .text("caCrl", said(from.caCrl))
        .text("clientCertificate", said(from.clientCertificate))
        .text("privateKey", said(from.privateKey))
        .flag("insecureSkipVerify", from.insecureSkipVerify, false)
        .map();
  }

  private static @Nullable String said(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Map<String, Object> write(RetryBudget from) {
    return new JsonWriter()
        .decimal("percent", from.percent, 20.0)
        .number("minRetryConcurrency", from.minRetryConcurrency, 3)
        .number("budgetIntervalMillis", from.budgetIntervalMillis, 10_000L)
        .map();
  }
}
