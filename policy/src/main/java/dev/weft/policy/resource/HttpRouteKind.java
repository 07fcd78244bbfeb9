package dev.weft.policy.resource;

import com.google.re2j.Pattern;
import dev.weft.policy.schema.Check;
import dev.weft.policy.schema.Durations;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gateway API HTTPRoute with services as parents (GAMMA): the table of its fields, with the rules
 * of the CRD's experimental channel.
 */
final class HttpRouteKind {
  private static final int MAX_MATCHES = 128;
  private static final String PREFIX_RULE =
      "must stand with exactly one match, of a path by PathPrefix";

  /** GEP-2257. */
  private static final Pattern DURATION = Pattern.compile("(?:[0-9]{1,5}(?:h|m|s|ms)){1,4}");

  private static final Check HOSTNAME =
      GatewayReferences.matching(
          "(?:\\*\\.)?" + GatewayReferences.SUBDOMAIN,
          253,
          "a host name in lower case or *.suffix");

  private static final Type PERIOD = Scalars.duration(HttpRouteKind::durationProblem);

  private static final Type BACKEND =
      GatewayReferences.backend("backendRefs")
          .field("weight", Scalars.integer(0, 1_000_000))
          .field("filters", GatewayFilters.OF_BACKEND)
          .rule(GatewayFilters::check)
          .build();

  private static final Type TIMEOUTS =
      ObjectType.of("timeouts")
          .field("request", PERIOD)
          .field("backendRequest", PERIOD)
          .rule(HttpRouteKind::checkTimeouts)
          .build();

  private static final Type RETRY =
      ObjectType.of("retry")
          .field("codes", ListType.of(Scalars.integer(400, 599)))
          .field("attempts", Shared.COUNT)
          .field("backoff", PERIOD)
          .rule(HttpRouteKind::checkCodes)
          .build();

  private static final Type RULE =
      ObjectType.of("rules")
          .field("name", Scalars.text("a name", GatewayReferences.DNS_NAME))
          .field("matches", ListType.of(GatewayMatches.TYPE).atMost(64))
          .field("filters", GatewayFilters.OF_RULE)
          .field("backendRefs", ListType.of(BACKEND).atMost(16))
          .field("timeouts", TIMEOUTS)
          .field("retry", RETRY)
          .refused("sessionPersistence", "sessions of a route; use a DestinationRule")
          .rule(GatewayFilters::check)
          .rule(HttpRouteKind::checkRedirect)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("HTTPRoute")
          .field("parentRefs", GatewayReferences.PARENTS)
          .withoutEffect(
              "hostnames",
              ListType.of(Scalars.text("a host name", HOSTNAME)).atMost(16),
              "the parent says whose calls the route is for (GEP-1294)")
          .withoutEffect("useDefaultGateways", Scalars.choice("All", "None"), "it is for gateways")
          .field("rules", ListType.of(RULE).nonEmpty().atMost(16))
          .rule(GatewayReferences::checkParents)
          .rule(HttpRouteKind::checkRules)
          .build();

  private HttpRouteKind() {}

  private static @Nullable String durationProblem(String text) {
    return DURATION.matcher(text).matches()
        ? null
        : "must be a duration such as 500ms, 10s or 1h30m, not \"" + text + '"';
  }

  private static void checkTimeouts(ObjectView timeouts) {
    String whole = timeouts.text("request");
    String each = timeouts.text("backendRequest");
    if (whole.isEmpty() || each.isEmpty()) {
      return;
    }
    if (durationProblem(whole) == null && durationProblem(each) == null) {
      long limit = Durations.nanos(whole);
      if (limit > 0 && Durations.nanos(each) > limit) {
        timeouts.invalid("backendRequest", "must not be longer than request, " + whole);
      }
    }
  }

  private static void checkCodes(ObjectView retry) {
    Set<String> seen = new HashSet<>();
    List<String> codes = retry.texts("codes");
    for (int i = 0; i < codes.size(); i++) {
      if (!seen.add(codes.get(i))) {
        retry.invalid("codes", i, "is in this list already; keep one");
      }
    }
  }

  private static void checkRedirect(ObjectView rule) {
    boolean prefixed = prefixed(rule);
    for (ObjectView filter : rule.objects("filters")) {
      if (filter.has("requestRedirect") && rule.hasContent("backendRefs")) {
        filter.invalid("requestRedirect", "must not stand beside backendRefs");
      }
      for (String field : new String[] {"requestRedirect", "urlRewrite"}) {
        ObjectView change = filter.object(field);
        ObjectView path = change == null ? null : change.object("path");
        if (path != null && path.has("replacePrefixMatch") && !prefixed) {
          path.invalid("replacePrefixMatch", PREFIX_RULE);
        }
      }
    }
  }

  /** Without matches there is one, of the prefix {@code /}. */
  private static boolean prefixed(ObjectView rule) {
    List<ObjectView> matches = rule.objects("matches");
    if (!rule.has("matches")) {
      return true;
    }
    ObjectView path = matches.size() == 1 ? matches.get(0).object("path") : null;
    return matches.size() == 1
        && (path == null || !path.has("type") || path.text("type").equals("PathPrefix"));
  }

  private static void checkRules(ObjectView spec) {
    Set<String> names = new HashSet<>();
    int matches = 0;
    for (ObjectView rule : spec.objects("rules")) {
      matches += rule.has("matches") ? rule.objects("matches").size() : 1;
      if (rule.has("name") && !names.add(rule.text("name"))) {
        rule.invalid("name", "is the name of another rule; each must have its own");
      }
    }
    if (matches > MAX_MATCHES) {
      spec.invalid("rules", "must have at most " + MAX_MATCHES + " matches, not " + matches);
    }
  }
}
