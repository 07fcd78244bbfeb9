package dev.weft.policy.resource;

import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.Durations;
import dev.weft.policy.snapshot.HealthCheck;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Istio has no field for, as annotations of a DestinationRule, so that the document remains
 * one that Istio takes.
 */
final class DestinationAnnotations {
  /** {@code EWMA} takes the place of LEAST_REQUEST. */
  static final String BALANCER = "weft.dev/load-balancer";

  /** The path that callers ask endpoints for to see whether they are well. */
  static final String HEALTH_CHECK = "weft.dev/health-check";

  /** How often they ask. */
  static final String HEALTH_CHECK_INTERVAL = "weft.dev/health-check-interval";

  /** After how long without an answer a second instance is asked, too. */
  static final String HEDGE_AFTER = "weft.dev/hedge-after";

  private static final String EWMA = "EWMA";
  private static final long SHORTEST_INTERVAL_MILLIS = 1_000;
  private static final long SHORTEST_HEDGE_MILLIS = 1;

  /** RFC 3986, section 3.3, with a query. */
  private static final Pattern PATH = Pattern.compile("/[-A-Za-z0-9._~!$&'()*+,;=:@%/?]*");

  private DestinationAnnotations() {}

  static void check(
      ResourceKind kind, Metadata metadata, Value.Mapping document, Problems problems) {
    Value.Entry entry = document.entries.get("metadata");
    Mark mark = entry == null ? document.mark() : entry.key.mark();
    Map<String, String> given = metadata.annotations;
    for (String name : new String[] {BALANCER, HEALTH_CHECK, HEALTH_CHECK_INTERVAL, HEDGE_AFTER}) {
      String value = given.get(name);
      String problem = value == null ? null : problem(name, value, given);
      if (value != null && kind != ResourceKind.DESTINATION_RULE) {
        problem = "is for DestinationRule only; remove it";
      }
      if (problem != null) {
        problems.invalid(mark, "metadata.annotations." + name, problem);
      }
    }
  }

  private static @Nullable String problem(String name, String value, Map<String, String> given) {
    if (name.equals(BALANCER)) {
      return value.equals(EWMA) ? null : "must be " + EWMA + ", not \"" + value + '"';
    }
    if (name.equals(HEALTH_CHECK)) {
      return PATH.matcher(value).matches() ? null : "must be a path, not \"" + value + '"';
    }
    if (name.equals(HEDGE_AFTER)) {
      return duration(value, SHORTEST_HEDGE_MILLIS, "1ms");
    }
    if (!given.containsKey(HEALTH_CHECK)) {
      return "has an effect only beside " + HEALTH_CHECK + "; add that";
    }
    return duration(value, SHORTEST_INTERVAL_MILLIS, "1s");
  }

  private static @Nullable String duration(String value, long shortestMillis, String shortest) {
    String problem = Checks.duration(value);
    return problem == null && Durations.millis(value) < shortestMillis
        ? "must be at least " + shortest + ", not " + value
        : problem;
  }

  static boolean any(SpecFields spec) {
    return spec.annotation(BALANCER) != null
        || spec.annotation(HEALTH_CHECK) != null
        || spec.annotation(HEDGE_AFTER) != null;
  }

  /** A policy of this DestinationRule with what its annotations say. */
  static TrafficPolicy applied(SpecFields spec, TrafficPolicy policy) {
    if (!any(spec)) {
      return policy;
    }
    TrafficPolicy.Builder result = policy.toBuilder();
    Map<Integer, TrafficPolicy> ports = new LinkedHashMap<>();
    for (Map.Entry<Integer, TrafficPolicy> port : policy.ports.entrySet()) {
      ports.put(port.getKey(), applied(spec, port.getValue()));
    }
    result.ports(ports);
    boolean ewma = spec.annotation(BALANCER) != null;
    if (ewma && policy.loadBalancer == LoadBalancer.LEAST_REQUEST) {
      result.loadBalancer(LoadBalancer.EWMA);
    }
    String path = spec.annotation(HEALTH_CHECK);
    if (path != null) {
      HealthCheck.Builder check = HealthCheck.builder().path(path);
      String interval = spec.annotation(HEALTH_CHECK_INTERVAL);
      result.healthCheck(
          interval == null
              ? check.build()
              : check.intervalMillis(Durations.millis(interval)).build());
    }
    String hedgeAfter = spec.annotation(HEDGE_AFTER);
    if (hedgeAfter != null) {
      result.hedgeAfterMillis(Durations.millis(hedgeAfter));
    }
    return result.build();
  }
}
