package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
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

/** RateLimit, a kind of Weft's own: the table of its fields. */
final class RateLimitKind {
  private static final int MOST_LIMITS = 32;
  private static final int MOST_REQUESTS = 1_000_000;
  private static final int MOST_KEYS = 100_000;
  private static final long MOST_MILLIS = 24 * 60 * 60 * 1000L;

  private static final Type BY =
      ObjectType.of("by")
          .field("identity", Scalars.flag())
          .field("address", Scalars.flag())
          .field("path", Scalars.flag())
          .field("header", Scalars.text("the name of a header", Checks::headerName))
          .rule(RateLimitKind::checkBy)
          .build();

  private static final Type LIMIT =
      ObjectType.of("limit")
          .required("name", Scalars.text("a name", Checks::dnsLabel))
          .field(
              "rules",
              ListType.of(AuthorizationPolicyKind.RULE)
                  .nonEmpty()
                  .atMost(AuthorizationPolicyKind.MAX_RULES))
          .field("by", BY)
          .required("requests", Scalars.integer(1, MOST_REQUESTS))
          .field("per", Scalars.duration(RateLimitKind::period))
          .field("burst", Scalars.integer(1, MOST_REQUESTS))
          .field("scope", Scalars.choice("INSTANCE", "SHARED"))
          .field("maxKeys", Scalars.integer(1, MOST_KEYS))
          .rule(RateLimitKind::checkKeys)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("RateLimit")
          .field("selector", Shared.SELECTOR)
          .required("limits", ListType.of(LIMIT).nonEmpty().atMost(MOST_LIMITS))
          .rule(RateLimitKind::checkNames)
          .build();

  private RateLimitKind() {}

  private static @Nullable String period(String text) {
    String problem = Checks.positiveDuration(text);
    if (problem != null) {
      return problem;
    }
    return Durations.millis(text) > MOST_MILLIS ? "must be at most 24h, not " + text : null;
  }

  private static void checkBy(ObjectView by) {
    boolean any = by.has("header");
    for (String flag : new String[] {"identity", "address", "path"}) {
      any |= by.text(flag).equals("true");
    }
    if (!any) {
      by.invalid("must name what counts by itself: identity, address, path or a header");
    }
  }

  private static void checkKeys(ObjectView limit) {
    if (limit.has("maxKeys") && !limit.has("by")) {
      limit.invalid("maxKeys", "has an effect only with by; set it");
    }
  }

  /** The name is how a limit is found again in the next version of the policy. */
  private static void checkNames(ObjectView spec) {
    Set<String> seen = new HashSet<>();
    List<ObjectView> limits = spec.objects("limits");
    for (ObjectView limit : limits) {
      if (limit.has("name") && !seen.add(limit.text("name"))) {
        limit.invalid("name", "is there twice; give each limit a name of its own");
      }
    }
  }
}
