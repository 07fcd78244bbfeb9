package dev.weft.policy.snapshot;

/** Turns JSON objects into the wire documents; an absent field takes its default. */
final class SnapshotReader {
  private SnapshotReader() {}

  static Snapshot snapshot(JsonObject from) {
    return Snapshot.builder()
        .version(from.longValue("version", 0))
        .epoch(from.text("epoch", ""))
        .restored(from.flag("restored", false))
        .trustDomain(from.text("trustDomain", "cluster.local"))
        .trustBundle(from.texts("trustBundle"))
        .withdrawn(from.texts("withdrawn"))
        .localNamespace(from.text("localNamespace", "default"))
        .services(from.objects("services", SnapshotReader::service))
        .locality(from.text("locality", ""))
        .scope(from.text("scope", ""))
        .outbound(
            from.constant("outbound", OutboundTrafficPolicy.class, OutboundTrafficPolicy.ALLOW_ANY))
        .inbound(from.object("inbound", SnapshotReader::inboundPolicy, InboundPolicy.permissive()))
        .databases(from.objects("databases", DatabaseDocuments::policy))
        .telemetry(from.optionalObject("telemetry", TelemetryDocuments::policy))
        .probe(from.optionalObject("probe", ProbeDocuments::probe))
        .build();
  }

  static Service service(JsonObject from) {
    return Service.builder()
        .host(from.text("host", ""))
        .name(from.text("name", ""))
        .namespace(from.text("namespace", ""))
        .authorities(from.texts("authorities"))
        .ports(from.ints("ports"))
        .external(from.flag("external", false))
        .endpoints(from.objects("endpoints", SnapshotReader::endpoint))
        .trafficPolicy(
            from.object("trafficPolicy", TrafficDocuments::trafficPolicy, TrafficPolicy.defaults()))
        .subsets(from.objects("subsets", SnapshotReader::subset))
        .routes(from.objects("routes", SnapshotReader::route))
        .connectionRoutes(from.objects("connectionRoutes", SnapshotReader::route))
        .build();
  }

  static Endpoint endpoint(JsonObject from) {
    return Endpoint.builder()
        .id(from.text("id", ""))
        .address(from.text("address", ""))
        .port(from.intValue("port", 0))
        .labels(from.textMap("labels"))
        .locality(from.text("locality", ""))
        .weight(from.intValue("weight", 1))
        .mtls(from.flag("mtls", false))
        .spiffeId(from.optionalText("spiffeId"))
        .ready(from.flag("ready", true))
        .build();
  }

  static Subset subset(JsonObject from) {
    return Subset.builder()
        .name(from.text("name", ""))
        .labels(from.textMap("labels"))
        .trafficPolicy(
            from.object("trafficPolicy", TrafficDocuments::trafficPolicy, TrafficPolicy.defaults()))
        .build();
  }

  static Route route(JsonObject from) {
    return Route.builder()
        .name(from.text("name", ""))
        .matches(from.objects("matches", SnapshotReader::routeMatch))
        .backends(from.objects("backends", SnapshotReader::backend))
        .headers(from.object("headers", SnapshotReader::headerEdits, HeaderEdits.none()))
        .timeoutMillis(from.longValue("timeoutMillis", 0))
        .retries(from.optionalObject("retries", SnapshotReader::retryPolicy))
        .fault(from.optionalObject("fault", SnapshotReader::fault))
        .rewrite(from.optionalObject("rewrite", RouteDocuments::rewrite))
        .redirect(from.optionalObject("redirect", RouteDocuments::redirect))
        .directResponse(from.optionalObject("directResponse", RouteDocuments::directResponse))
        .mirrors(from.objects("mirrors", RouteDocuments::mirror))
        .cors(from.optionalObject("cors", RouteDocuments::cors))
        .build();
  }

  static RouteMatch routeMatch(JsonObject from) {
    return RouteMatch.builder()
        .uri(from.optionalObject("uri", SnapshotReader::stringMatch))
        .ignoreUriCase(from.flag("ignoreUriCase", false))
        .method(from.optionalObject("method", SnapshotReader::stringMatch))
        .authority(from.optionalObject("authority", SnapshotReader::stringMatch))
        .scheme(from.optionalObject("scheme", SnapshotReader::stringMatch))
        .headers(from.objectMap("headers", SnapshotReader::stringMatch))
        .withoutHeaders(from.objectMap("withoutHeaders", SnapshotReader::stringMatch))
        .queryParams(from.objectMap("queryParams", SnapshotReader::stringMatch))
        .port(from.intValue("port", 0))
        .build();
  }

  static StringMatch stringMatch(JsonObject from) {
    return StringMatch.builder()
        .kind(from.constant("kind", StringMatch.Kind.class, StringMatch.Kind.PRESENT))
        .value(from.text("value", ""))
        .build();
  }

  static Backend backend(JsonObject from) {
    return Backend.builder()
        .host(from.text("host", ""))
        .subset(from.optionalText("subset"))
        .port(from.intValue("port", 0))
        .weight(from.intValue("weight", 0))
        .headers(from.object("headers", SnapshotReader::headerEdits, HeaderEdits.none()))
        .refusal(from.intValue("refusal", 0))
        .build();
  }

  static HeaderEdits headerEdits(JsonObject from) {
    return HeaderEdits.builder()
        .request(from.object("request", SnapshotReader::edits, HeaderEdits.Edits.NONE))
        .response(from.object("response", SnapshotReader::edits, HeaderEdits.Edits.NONE))
        .build();
  }

  static RetryPolicy retryPolicy(JsonObject from) {
    return RetryPolicy.builder()
        .attempts(from.intValue("attempts", 2))
        .perTryTimeoutMillis(from.longValue("perTryTimeoutMillis", 0))
        .backoffMillis(from.longValue("backoffMillis", 25L))
        .retryOn(from.texts("retryOn"))
        .retriableStatusCodes(from.ints("retriableStatusCodes"))
        .ignorePreviousHosts(from.flag("ignorePreviousHosts", true))
        .remoteLocalities(from.flag("remoteLocalities", false))
        .build();
  }

  static Fault fault(JsonObject from) {
    return Fault.builder()
        .delayMillis(from.longValue("delayMillis", 0))
        .delayPercent(from.decimal("delayPercent", 0))
        .abortStatus(from.intValue("abortStatus", 0))
        .abortGrpcStatus(from.intValue("abortGrpcStatus", -1))
        .abortPercent(from.decimal("abortPercent", 0))
        .build();
  }

  static InboundPolicy inboundPolicy(JsonObject from) {
    return InboundPolicy.builder()
        .mode(from.constant("mode", MtlsMode.class, MtlsMode.PERMISSIVE))
        .portModes(from.portModes("portModes"))
        .jwtRules(from.objects("jwtRules", JwtDocuments::rule))
        .trustedProxies(from.intValue("trustedProxies", 0))
        .authorization(from.objects("authorization", SnapshotReader::authorizationPolicy))
        .authorizers(from.objects("authorizers", AuthorizerDocuments::authorizer))
        .limits(from.objects("limits", LimitDocuments::rateLimit))
        .cors(from.objects("cors", SnapshotReader::route))
        .shedding(from.optionalObject("shedding", LimitDocuments::loadShedding))
        .portShedding(from.objectsByPort("portShedding", LimitDocuments::loadShedding))
        .build();
  }

  static AuthorizationPolicy authorizationPolicy(JsonObject from) {
    return AuthorizationPolicy.builder()
        .name(from.text("name", ""))
        .namespace(from.text("namespace", ""))
        .action(
            from.constant(
                "action", AuthorizationPolicy.Action.class, AuthorizationPolicy.Action.ALLOW))
        .rules(from.objects("rules", SnapshotReader::rule))
        .dryRun(from.flag("dryRun", false))
        .provider(from.text("provider", ""))
        .build();
  }

  static Rule rule(JsonObject from) {
    return Rule.builder()
        .from(from.objects("from", SnapshotReader::source))
        .to(from.objects("to", SnapshotReader::operation))
        .when(from.objects("when", SnapshotReader::condition))
        .build();
  }

  static Source source(JsonObject from) {
    return Source.builder()
        .principals(from.texts("principals"))
        .notPrincipals(from.texts("notPrincipals"))
        .namespaces(from.texts("namespaces"))
        .notNamespaces(from.texts("notNamespaces"))
        .serviceAccounts(from.texts("serviceAccounts"))
        .notServiceAccounts(from.texts("notServiceAccounts"))
        .ipBlocks(from.texts("ipBlocks"))
        .notIpBlocks(from.texts("notIpBlocks"))
        .requestPrincipals(from.texts("requestPrincipals"))
        .notRequestPrincipals(from.texts("notRequestPrincipals"))
        .trustDomains(from.texts("trustDomains"))
        .notTrustDomains(from.texts("notTrustDomains"))
        .remoteIpBlocks(from.texts("remoteIpBlocks"))
        .notRemoteIpBlocks(from.texts("notRemoteIpBlocks"))
        .build();
  }

  static Operation operation(JsonObject from) {
    return Operation.builder()
        .hosts(from.texts("hosts"))
        .notHosts(from.texts("notHosts"))
        .ports(from.texts("ports"))
        .notPorts(from.texts("notPorts"))
        .methods(from.texts("methods"))
        .notMethods(from.texts("notMethods"))
        .paths(from.texts("paths"))
        .notPaths(from.texts("notPaths"))
        .build();
  }

  static Condition condition(JsonObject from) {
    return Condition.builder()
        .key(from.text("key", ""))
        .values(from.texts("values"))
        .notValues(from.texts("notValues"))
        .build();
  }

  private static HeaderEdits.Edits edits(JsonObject from) {
    return HeaderEdits.Edits.of(from.textMap("set"), from.textMap("add"), from.texts("remove"));
  }
}
