package dev.weft.policy.resource;

import dev.weft.policy.snapshot.RateLimit;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What a RateLimit says. Immutable. */
public final class RateLimitSpec {
  /** Labels that a workload must carry; empty selects the namespace, or the mesh from the root. */
  public final Map<String, String> selector;

  /** The limits in the order in which they are asked. */
  public final List<Limit> limits;

  private RateLimitSpec(Map<String, String> selector, List<Limit> limits) {
    this.selector = Collections.unmodifiableMap(selector);
    this.limits = Collections.unmodifiableList(limits);
  }

  /** One limit. Immutable. */
  public static final class Limit {
    /** Whether all instances that the resource selects have the limit together. */
    public final boolean shared;

    /** The limit as an agent gets it that is the only instance. */
    public final RateLimit limit;

    private Limit(boolean shared, RateLimit limit) {
      this.shared = shared;
      this.limit = limit;
    }
  }

  static RateLimitSpec of(SpecFields spec, String namespace, String name) {
    return new RateLimitSpec(
        spec.object("selector").textMap("matchLabels"),
        spec.objects("limits", limit -> limit(limit, namespace, name)));
  }

  private static Limit limit(SpecFields limit, String namespace, String name) {
    int requests = limit.integer("requests", 1);
    SpecFields by = limit.object("by");
    RateLimit.Builder made =
        RateLimit.builder()
            .name(namespace + "/" + name + "/" + limit.text("name", ""))
            .namespace(namespace)
            .rules(limit.objects("rules", rule -> AuthorizationPolicySpec.rule(rule, namespace)))
            .byIdentity(by.flag("identity", false))
            .byAddress(by.flag("address", false))
            .byPath(by.flag("path", false))
            .byHeader(by.optionalText("header"))
            .perSecond(requests * 1_000.0 / limit.millis("per", 1_000))
            // Without a burst, what a period lets through may come at once.
            .burst(limit.integer("burst", requests));
    if (limit.has("maxKeys")) {
      made.maxKeys(limit.integer("maxKeys", 1));
    }
    return new Limit(limit.text("scope", "INSTANCE").equals("SHARED"), made.build());
  }
}
