package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.GrpcStatuses;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Istio VirtualService: the table of its fields. */
final class VirtualServiceKind {
  /** Every host is compared with every other. */
  private static final int MAX_HOSTS = 1024;

  /** How Istio's gateways name services among themselves: {@code outbound_.80_._.host}. */
  private static final String GATEWAY_SNI = "outbound_.";

  private static final Type PERCENT =
      ObjectType.of("percentage").field("value", Scalars.number(0, 100)).build();

  private static final Type DESTINATION =
      ObjectType.of("destination")
          .required("host", Scalars.text("a host name", VirtualServiceKind::destinationHost))
          .field("subset", Shared.OPTIONAL_SUBSET)
          .field("port", ObjectType.of("port").required("number", Shared.PORT).build())
          .rule(VirtualServiceKind::refuseWildcardDestination)
          .build();

  private static final Type ROUTE_DESTINATION =
      ObjectType.of("route")
          .required("destination", DESTINATION)
          .field("weight", Shared.COUNT)
          .field("headers", HeaderOperations.OF_DESTINATION)
          .build();

  /** Also the retries of a whole mesh. */
  static final Type RETRIES =
      ObjectType.of("retries")
          .field("attempts", Shared.COUNT)
          .field("perTryTimeout", Shared.DURATION)
          .field("backoff", Shared.DURATION)
          .field("retryOn", Scalars.text("retry conditions", RetryConditions::problem))
          .field("retryIgnorePreviousHosts", Scalars.flag())
          .field("retryRemoteLocalities", Scalars.flag())
          .nullable("retryIgnorePreviousHosts", "retryRemoteLocalities")
          .rule(VirtualServiceKind::checkRetries)
          .build();

  private static final Type FAULT =
      ObjectType.of("fault")
          .field(
              "delay",
              ObjectType.of("fault.delay")
                  .field("fixedDelay", Shared.DURATION)
                  .field("percentage", PERCENT)
                  .field("percent", Scalars.integer(0, 100))
                  .refused("exponentialDelay", "a delay that grows, which Istio refuses, too")
                  .rule(VirtualServiceKind::checkPercentage)
                  .rule(delay -> requireEffect(delay, "fixedDelay", "exponentialDelay"))
                  .build())
          .field(
              "abort",
              ObjectType.of("fault.abort")
                  .field("httpStatus", Scalars.integer(200, 600))
                  .field("percentage", PERCENT)
                  .field("grpcStatus", Scalars.choice(GrpcStatuses.names().toArray(new String[0])))
                  .refused("http2Error", "aborting with an HTTP/2 error, which Istio refuses, too")
                  .rule(VirtualServiceKind::checkPercentage)
                  .rule(VirtualServiceKind::checkAbort)
                  .rule(abort -> requireEffect(abort, "httpStatus", "grpcStatus", "http2Error"))
                  .rule(abort -> HttpAnswers.refuseStatus(abort, "httpStatus"))
                  .build())
          .rule(VirtualServiceKind::checkFault)
          .build();

  private static final Type DELEGATE =
      ObjectType.of("delegate")
          .required("name", Scalars.text("the name of a VirtualService", Checks::objectName))
          .field("namespace", Scalars.text("a namespace", HttpMatches::namespace))
          .build();

  private static final Type HTTP =
      ObjectType.of("http")
          .field("name", Scalars.text())
          .field("match", ListType.of(HttpMatches.TYPE).nullIsEmpty())
          .field("route", ListType.of(ROUTE_DESTINATION))
          .field("timeout", Shared.DURATION_OR_ZERO)
          .field("retries", RETRIES)
          .field("fault", FAULT)
          .field("headers", HeaderOperations.OF_RULE)
          .field("redirect", HttpAnswers.REDIRECT)
          .field("directResponse", HttpAnswers.DIRECT_RESPONSE)
          .field("rewrite", HttpRewrites.TYPE)
          .field("delegate", DELEGATE)
          .field("mirror", DESTINATION)
          .field("mirrors", HttpMirrors.mirrors(DESTINATION, PERCENT))
          .field("mirrorPercentage", PERCENT)
          .field("mirrorPercent", Scalars.integer(0, 100))
          .field("mirror_percent", Scalars.integer(0, 100))
          .nullable("mirrorPercent", "mirror_percent")
          .field("corsPolicy", CorsPolicies.TYPE)
          .rule(VirtualServiceKind::checkRoute)
          .rule(CorsPolicies::checkAnswer)
          .rule(HttpAnswers::checkPrefix)
          .rule(HttpMirrors::check)
          .rule(HeaderOperations::checkAuthority)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("VirtualService")
          .field(
              "hosts", ListType.of(Scalars.text("a host name", Checks::notEmpty)).atMost(MAX_HOSTS))
          .field("http", ListType.of(HTTP))
          .field(
              "gateways",
              ListType.of(Scalars.text("mesh; others have no effect", HttpMatches::gateway)))
          .field(Visibility.FIELD, Visibility.TYPE)
          .rule(Visibility::check)
          .field("tls", ListType.of(ConnectionRules.tls(DESTINATION)))
          .field("tcp", ListType.of(ConnectionRules.tcp(DESTINATION)))
          .rule(VirtualServiceKind::checkService)
          .rule(ConnectionRules::check)
          .build();

  private VirtualServiceKind() {}

  private static @Nullable String destinationHost(String text) {
    return text.equals("*") ? "must not be *" : Checks.wildcardHost(text);
  }

  private static void refuseWildcardDestination(ObjectView destination) {
    String host = destination.text("host");
    if (host.startsWith("*") && host.length() > 1) {
      destination.notInForce("host", "a destination with a wildcard");
    }
  }

  private static void checkRetries(ObjectView retries) {
    boolean configured =
        retries.hasAny("perTryTimeout", "retryRemoteLocalities")
            || !retries.text("retryOn").isEmpty();
    if (retries.number("attempts", 0) == 0 && configured) {
      retries.invalid(
          "attempts",
          "must be at least 1 where other fields of retries are given, not 0 or absent");
    }
    for (String word : RetryConditions.notInForce(retries.text("retryOn"))) {
      retries.notInForce("retryOn", "the retry condition " + word);
    }
  }

  /** Istio's validatePercentage: what is not 0 must be large enough for Envoy's millionths. */
  private static void checkPercentage(ObjectView fault) {
    ObjectView percentage = fault.object("percentage");
    if (percentage != null) {
      double value = percentage.number("value", 0);
      if (value > 0 && value < 0.0001) {
        percentage.invalid("value", "must be 0 or from 0.0001 to 100");
      }
    }
  }

  /** Istio warns of it, too. */
  private static void requireEffect(ObjectView fault, String field, String... others) {
    if (!fault.has(field) && !fault.hasAny(others)) {
      fault.withoutEffect(field, "without it there is nothing that could happen to a request");
    }
  }

  private static void checkAbort(ObjectView abort) {
    if (abort.has("httpStatus") && abort.has("grpcStatus")) {
      abort.invalid("must have one of httpStatus and grpcStatus");
    }
  }

  private static void checkFault(ObjectView fault) {
    if (!fault.hasAny("delay", "abort")) {
      fault.invalid("must have a delay, an abort or both");
    }
  }

  private static void checkRoute(ObjectView http) {
    List<ObjectView> backends = http.objects("route");
    if (http.has("delegate")) {
      checkDelegation(http);
      return;
    }
    if (backends.isEmpty() && !http.hasAny("redirect", "directResponse")) {
      http.invalid("route", "is required: at least one destination");
    }
    checkAnswer(http, "redirect", !backends.isEmpty());
    checkAnswer(http, "directResponse", !backends.isEmpty());
    if (http.has("redirect") && http.has("directResponse")) {
      http.invalid("directResponse", "must not stand beside redirect");
    }
    checkWeights(http);
  }

  /** Of the destinations of a rule. */
  static void checkWeights(ObjectView rule) {
    List<ObjectView> backends = rule.objects("route");
    double total = 0;
    for (ObjectView backend : backends) {
      total += backend.number("weight", 0);
    }
    if (backends.size() > 1 && total == 0) {
      rule.invalid("route", "must give the destinations weights, at least one of them above 0");
    }
    if (total > Integer.MAX_VALUE) {
      rule.invalid("route", "must have weights of at most 2147483647 together");
    }
  }

  private static void checkDelegation(ObjectView http) {
    for (String field : new String[] {"route", "redirect"}) {
      if (field.equals("route") ? http.hasContent(field) : http.has(field)) {
        http.invalid(field, "must not stand beside delegate");
      }
    }
    if (http.has("directResponse")) {
      http.notInForce("directResponse", "a direct response beside delegate");
    }
  }

  /** Of a VirtualService without hosts, to which others delegate. */
  private static void checkDelegate(ObjectView spec) {
    for (String field : new String[] {"gateways", "tls", "tcp"}) {
      if (spec.hasContent(field)) {
        spec.invalid(field, "must not stand in a VirtualService without hosts");
      }
    }
    for (ObjectView http : spec.objects("http")) {
      if (http.has("delegate")) {
        http.invalid("delegate", "must not stand in a VirtualService without hosts");
      }
    }
  }

  /** What the rule answers itself goes nowhere, so that nothing on the way can happen to it. */
  private static void checkAnswer(ObjectView http, String answer, boolean backends) {
    if (http.has(answer) && (backends || http.hasAny("fault", "rewrite"))) {
      http.invalid(answer, "must not stand beside route, fault or rewrite");
    }
  }

  private static void checkService(ObjectView spec) {
    if (spec.texts("hosts").isEmpty()) {
      checkDelegate(spec);
      requireRoutes(spec);
      return;
    }
    List<String> gateways = spec.texts("gateways");
    boolean mesh = gateways.isEmpty() || gateways.contains(HttpMatches.MESH);
    if (!mesh) {
      spec.withoutEffect("gateways", "Weft has no gateways, so nothing of this VirtualService has");
    } else if (gateways.size() > 1) {
      spec.withoutEffect("gateways", "Weft has no gateways; only mesh counts");
    }
    checkHosts(spec, mesh);
    if (mesh) {
      requireRoutes(spec);
    }
  }

  private static void requireRoutes(ObjectView spec) {
    if (!spec.hasContent("http") && !spec.hasContent("tls") && !spec.hasContent("tcp")) {
      spec.invalid("http", "is required: at least one route");
    }
  }

  private static void checkHosts(ObjectView spec, boolean mesh) {
    List<String> hosts = spec.texts("hosts");
    if (hosts.size() > MAX_HOSTS) {
      return;
    }
    for (int i = 0; i < hosts.size(); i++) {
      checkHost(spec, mesh, i, hosts.get(i));
      for (int j = 0; j < i; j++) {
        if (HostNames.overlap(hosts.get(j), hosts.get(i))) {
          spec.invalid("hosts", i, "is covered by " + hosts.get(j) + " already; keep one");
        }
      }
    }
  }

  private static void checkHost(ObjectView spec, boolean mesh, int index, String host) {
    if (host.equals("*")) {
      if (mesh) {
        spec.invalid("hosts", index, "must name a host: * is for gateways only");
      }
    } else if (Checks.ipAddress(host) == null) {
      if (mesh) {
        spec.notInForce("hosts", "an address as a host");
      }
    } else if (!host.isEmpty() && (mesh || !host.startsWith(GATEWAY_SNI))) {
      String problem = Checks.wildcardHost(host);
      if (problem != null) {
        spec.invalid("hosts", index, problem);
      }
    }
  }
}
