package dev.weft.policy.snapshot;

import java.util.Map;

/** Turns the wire documents into JSON maps; a field at its default is left out. */
final class SnapshotWriter {
  private SnapshotWriter() {}

  static Map<String, Object> write(Snapshot from) {
    return new JsonWriter()
        .number("version", from.version, 0)
        .text("epoch", from.epoch)
        .flag("restored", from.restored, false)
        .text("trustDomain", from.trustDomain)
        .list("trustBundle", from.trustBundle)
        .list("withdrawn", from.withdrawn)
        .text("localNamespace", from.localNamespace)
        .list("services", from.services, SnapshotWriter::write)
        .text("locality", from.locality.isEmpty() ? null : from.locality)
        .text("scope", from.scope.isEmpty() ? null : from.scope)
        .text(
            "outbound",
            from.outbound == OutboundTrafficPolicy.ALLOW_ANY ? null : from.outbound.name())
        .object("inbound", write(from.inbound))
        .list("databases", from.databases, DatabaseDocuments::write)
        .optionalObject("telemetry", from.telemetry, TelemetryDocuments::write)
        .optionalObject("probe", from.probe, ProbeDocuments::write)
        .map();
  }

  static Map<String, Object> write(Service from) {
    return new JsonWriter()
        .text("host", from.host)
        .text("name", from.name)
        .text("namespace", from.namespace)
        .list("authorities", from.authorities)
        .list("ports", from.ports)
        .flag("external", from.external, false)
        .list("endpoints", from.endpoints, SnapshotWriter::write)
        .object("trafficPolicy", TrafficDocuments.write(from.trafficPolicy))
        .list("subsets", from.subsets, SnapshotWriter::write)
        .list("routes", from.routes, SnapshotWriter::write)
        .list("connectionRoutes", from.connectionRoutes, SnapshotWriter::write)
        .map();
  }

  static Map<String, Object> write(Endpoint from) {
    return new JsonWriter()
        .text("id", from.id)
        .text("address", from.address)
        .number("port", from.port, 0)
        .map("labels", from.labels, v -> v)
        .text("locality", from.locality)
        .number("weight", from.weight, 1)
        .flag("mtls", from.mtls, false)
        .text("spiffeId", from.spiffeId)
        .flag("ready", from.ready, true)
        .map();
  }

  static Map<String, Object> write(Subset from) {
    return new JsonWriter()
        .text("name", from.name)
        .map("labels", from.labels, v -> v)
        .object("trafficPolicy", TrafficDocuments.write(from.trafficPolicy))
        .map();
  }

  static Map<String, Object> write(Route from) {
    return new JsonWriter()
        .text("name", from.name)
        .list("matches", from.matches, SnapshotWriter::write)
        .list("backends", from.backends, SnapshotWriter::write)
        .object("headers", write(from.headers))
        .number("timeoutMillis", from.timeoutMillis, 0)
        .optionalObject("retries", from.retries, SnapshotWriter::write)
        .optionalObject("fault", from.fault, SnapshotWriter::write)
        .optionalObject("rewrite", from.rewrite, RouteDocuments::write)
        .optionalObject("redirect", from.redirect, RouteDocuments::write)
        .optionalObject("directResponse", from.directResponse, RouteDocuments::write)
        .list("mirrors", from.mirrors, RouteDocuments::write)
        .optionalObject("cors", from.cors, RouteDocuments::write)
        .map();
  }

  static Map<String, Object> write(RouteMatch from) {
    return new JsonWriter()
        .optionalObject("uri", from.uri, SnapshotWriter::write)
        .flag("ignoreUriCase", from.ignoreUriCase, false)
        .optionalObject("method", from.method, SnapshotWriter::write)
        .optionalObject("authority", from.authority, SnapshotWriter::write)
        .optionalObject("scheme", from.scheme, SnapshotWriter::write)
        .map("headers", from.headers, SnapshotWriter::write)
        .map("withoutHeaders", from.withoutHeaders, SnapshotWriter::write)
        .map("queryParams", from.queryParams, SnapshotWriter::write)
        .number("port", from.port, 0)
        .map();
  }

  static Map<String, Object> write(StringMatch from) {
    return new JsonWriter().text("kind", from.kind.name()).text("value", from.value).map();
  }

  static Map<String, Object> write(Backend from) {
    return new JsonWriter()
        .text("host", from.host)
        .text("subset", from.subset)
        .number("port", from.port, 0)
        .number("weight", from.weight, 0)
        .object("headers", write(from.headers))
        .number("refusal", from.refusal, 0)
        .map();
  }

  static Map<String, Object> write(HeaderEdits from) {
    return new JsonWriter()
        .object("request", write(from.request))
        .object("response", write(from.response))
        .map();
  }

  static Map<String, Object> write(RetryPolicy from) {
    return new JsonWriter()
        .number("attempts", from.attempts, 2)
        .number("perTryTimeoutMillis", from.perTryTimeoutMillis, 0)
        .number("backoffMillis", from.backoffMillis, 25L)
        .list("retryOn", from.retryOn)
        .list("retriableStatusCodes", from.retriableStatusCodes)
        .flag("ignorePreviousHosts", from.ignorePreviousHosts, true)
        .flag("remoteLocalities", from.remoteLocalities, false)
        .map();
  }

  static Map<String, Object> write(Fault from) {
    return new JsonWriter()
        .number("delayMillis", from.delayMillis, 0)
        .decimal("delayPercent", from.delayPercent, 0)
        .number("abortStatus", from.abortStatus, 0)
        .number("abortGrpcStatus", from.abortGrpcStatus, -1)
        .decimal("abortPercent", from.abortPercent, 0)
        .map();
  }

  static Map<String, Object> write(InboundPolicy from) {
    return new JsonWriter()
        .text("mode", from.mode.name())
        .map("portModes", from.portModes, MtlsMode::name)
        .list("jwtRules", from.jwtRules, JwtDocuments::write)
        .number("trustedProxies", from.trustedProxies, 0)
        .list("authorization", from.authorization, SnapshotWriter::write)
        .list("authorizers", from.authorizers, AuthorizerDocuments::write)
        .list("limits", from.limits, LimitDocuments::write)
        .list("cors", from.cors, SnapshotWriter::write)
        .optionalObject("shedding", from.shedding, LimitDocuments::write)
        .map("portShedding", from.portShedding, LimitDocuments::write)
        .map();
  }

  static Map<String, Object> write(AuthorizationPolicy from) {
    return new JsonWriter()
        .text("name", from.name)
        .text("namespace", from.namespace)
        .text("action", from.action.name())
        .list("rules", from.rules, SnapshotWriter::write)
        .flag("dryRun", from.dryRun, false)
        .text("provider", from.provider.isEmpty() ? null : from.provider)
        .map();
  }

  static Map<String, Object> write(Rule from) {
    return new JsonWriter()
        .list("from", from.from, SnapshotWriter::write)
        .list("to", from.to, SnapshotWriter::write)
        .list("when", from.when, SnapshotWriter::write)
        .map();
  }

  static Map<String, Object> write(Source from) {
    return new JsonWriter()
        .list("principals", from.principals)
        .list("notPrincipals", from.notPrincipals)
        .list("namespaces", from.namespaces)
        .list("notNamespaces", from.notNamespaces)
        .list("serviceAccounts", from.serviceAccounts)
        .list("notServiceAccounts", from.notServiceAccounts)
        .list("ipBlocks", from.ipBlocks)
        .list("notIpBlocks", from.notIpBlocks)
        .list("requestPrincipals", from.requestPrincipals)
        .list("notRequestPrincipals", from.notRequestPrincipals)
        .list("trustDomains", from.trustDomains)
        .list("notTrustDomains", from.notTrustDomains)
        .list("remoteIpBlocks", from.remoteIpBlocks)
        .list("notRemoteIpBlocks", from.notRemoteIpBlocks)
        .map();
  }

  static Map<String, Object> write(Operation from) {
    return new JsonWriter()
        .list("hosts", from.hosts)
        .list("notHosts", from.notHosts)
        .list("ports", from.ports)
        .list("notPorts", from.notPorts)
        .list("methods", from.methods)
        .list("notMethods", from.notMethods)
        .list("paths", from.paths)
        .list("notPaths", from.notPaths)
        .map();
  }

  static Map<String, Object> write(Condition from) {
    return new JsonWriter()
        .text("key", from.key)
        .list("values", from.values)
        .list("notValues", from.notValues)
        .map();
  }

  private static Map<String, Object> write(HeaderEdits.Edits from) {
    return new JsonWriter()
        .map("set", from.set, v -> v)
        .map("add", from.add, v -> v)
        .list("remove", from.remove)
        .map();
  }
}
