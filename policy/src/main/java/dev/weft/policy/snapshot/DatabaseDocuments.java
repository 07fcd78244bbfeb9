package dev.weft.policy.snapshot;

import java.util.Map;

/** Reads and writes what snapshots say of databases; reader and writer of each document in turn. */
final class DatabaseDocuments {
  private DatabaseDocuments() {}

  static DatabasePolicy policy(JsonObject from) {
    return DatabasePolicy.builder()
        .name(from.text("name", ""))
        .namespace(from.text("namespace", ""))
        .urls(from.texts("urls"))
        .hosts(from.texts("hosts"))
        .connections(
            from.object(
                "connections", DatabaseDocuments::connections, DatabaseConnections.unlimited()))
        .statements(
            from.object(
                "statements", DatabaseDocuments::statements, DatabaseStatements.unlimited()))
        .breaker(from.optionalObject("breaker", DatabaseDocuments::breaker))
        .redirect(from.optionalObject("redirect", DatabaseDocuments::redirect))
        .tls(from.constant("tls", DatabaseTls.class, DatabaseTls.NONE))
        .build();
  }

  static Map<String, Object> write(DatabasePolicy from) {
    return new JsonWriter()
        .text("name", from.name)
        .text("namespace", from.namespace)
        .list("urls", from.urls)
        .list("hosts", from.hosts)
        .object("connections", write(from.connections))
        .object("statements", write(from.statements))
        .optionalObject("breaker", from.breaker, DatabaseDocuments::write)
        .optionalObject("redirect", from.redirect, DatabaseDocuments::write)
        .text("tls", from.tls.name())
        .map();
  }

  private static DatabaseConnections connections(JsonObject from) {
    return DatabaseConnections.builder()
        .timeoutMillis(from.longValue("timeoutMillis", 0))
        .retries(from.intValue("retries", 0))
        .backoffMillis(from.longValue("backoffMillis", 100))
        .max(from.intValue("max", 0))
        .maxWaitMillis(from.longValue("maxWaitMillis", 0))
        .build();
  }

  private static Map<String, Object> write(DatabaseConnections from) {
    return new JsonWriter()
        .number("timeoutMillis", from.timeoutMillis, 0)
        .number("retries", from.retries, 0)
        .number("backoffMillis", from.backoffMillis, 100)
        .number("max", from.max, 0)
        .number("maxWaitMillis", from.maxWaitMillis, 0)
        .map();
  }

  private static DatabaseStatements statements(JsonObject from) {
    return DatabaseStatements.builder()
        .timeoutMillis(from.longValue("timeoutMillis", 0))
        .slowMillis(from.longValue("slowMillis", 0))
        .maxConcurrent(from.intValue("maxConcurrent", 0))
        .maxWaitMillis(from.longValue("maxWaitMillis", 0))
        .perSecond(from.decimal("perSecond", 0))
        .burst(from.intValue("burst", 1))
        .readOnly(from.flag("readOnly", false))
        .denied(from.texts("denied"))
        .build();
  }

  private static Map<String, Object> write(DatabaseStatements from) {
    return new JsonWriter()
        .number("timeoutMillis", from.timeoutMillis, 0)
        .number("slowMillis", from.slowMillis, 0)
        .number("maxConcurrent", from.maxConcurrent, 0)
        .number("maxWaitMillis", from.maxWaitMillis, 0)
        .decimal("perSecond", from.perSecond, 0)
        .number("burst", from.burst, 1)
        .flag("readOnly", from.readOnly, false)
        .list("denied", from.denied)
        .map();
  }

  private static DatabaseBreaker breaker(JsonObject from) {
    return DatabaseBreaker.builder()
        .window(from.intValue("window", 5))
        .failurePercent(from.intValue("failurePercent", 100))
        .openMillis(from.longValue("openMillis", 30_000))
        .probes(from.intValue("probes", 1))
        .build();
  }

  private static Map<String, Object> write(DatabaseBreaker from) {
    return new JsonWriter()
        .number("window", from.window, 5)
        .number("failurePercent", from.failurePercent, 100)
        .number("openMillis", from.openMillis, 30_000)
        .number("probes", from.probes, 1)
        .map();
  }

  private static DatabaseRedirect redirect(JsonObject from) {
    return DatabaseRedirect.builder()
        .hosts(from.objects("hosts", DatabaseDocuments::host))
        .readWriteSplit(from.flag("readWriteSplit", false))
        .consecutiveFailures(from.intValue("consecutiveFailures", 3))
        .ejectionMillis(from.longValue("ejectionMillis", 10_000))
        .probeMillis(from.longValue("probeMillis", 0))
        .build();
  }

  private static Map<String, Object> write(DatabaseRedirect from) {
    return new JsonWriter()
        .list("hosts", from.hosts, DatabaseDocuments::write)
        .flag("readWriteSplit", from.readWriteSplit, false)
        .number("consecutiveFailures", from.consecutiveFailures, 3)
        .number("ejectionMillis", from.ejectionMillis, 10_000)
        .number("probeMillis", from.probeMillis, 0)
        .map();
  }

  private static DatabaseHost host(JsonObject from) {
    return DatabaseHost.builder()
        .address(from.text("address", ""))
        .port(from.intValue("port", 0))
        .replica(from.flag("replica", false))
        .spiffeId(from.optionalText("spiffeId"))
        .build();
  }

  private static Map<String, Object> write(DatabaseHost from) {
    return new JsonWriter()
        .text("address", from.address)
        .number("port", from.port, 0)
        .flag("replica", from.replica, false)
        .text("spiffeId", from.spiffeId)
        .map();
  }
}
