package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** LoadShedding, a kind of Weft's own: the table of its fields. */
final class LoadSheddingKind {
  private static final int MOST_PRIORITIES = 16;
  private static final int MOST_CONCURRENCY = 100_000;

  private static final Type PRIORITY =
      ObjectType.of("priority")
          .required("name", Scalars.text("a name", Checks::dnsLabel))
          .field(
              "rules",
              ListType.of(AuthorizationPolicyKind.RULE)
                  .nonEmpty()
                  .atMost(AuthorizationPolicyKind.MAX_RULES))
          .field("share", Scalars.integer(1, 100))
          .field("exempt", Scalars.flag())
          .rule(LoadSheddingKind::checkPriority)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("LoadShedding")
          .field("selector", Shared.SELECTOR)
          .field("minConcurrency", Scalars.integer(1, MOST_CONCURRENCY))
          .field("maxConcurrency", Scalars.integer(1, MOST_CONCURRENCY))
          .field("initialConcurrency", Scalars.integer(1, MOST_CONCURRENCY))
          .field("priorities", ListType.of(PRIORITY).nonEmpty().atMost(MOST_PRIORITIES))
          .rule(LoadSheddingKind::checkBounds)
          .rule(LoadSheddingKind::checkOrder)
          .build();

  private LoadSheddingKind() {}

  private static void checkPriority(ObjectView priority) {
    if (priority.text("exempt").equals("true") && priority.has("share")) {
      priority.invalid(
          "share", "says nothing about requests that are exempt; leave one of them out");
    }
  }

  private static void checkBounds(ObjectView spec) {
    int least = (int) spec.number("minConcurrency", LoadSheddingSpec.DEFAULTS.minConcurrency);
    int most = (int) spec.number("maxConcurrency", LoadSheddingSpec.DEFAULTS.maxConcurrency);
    if (least > most) {
      String field = spec.has("maxConcurrency") ? "maxConcurrency" : "minConcurrency";
      spec.invalid(field, "leaves no number from " + least + " to " + most);
    } else if (spec.has("initialConcurrency")) {
      int first = (int) spec.number("initialConcurrency", least);
      if (first < least || first > most) {
        spec.invalid("initialConcurrency", "must be from " + least + " to " + most);
      }
    }
  }

  private static void checkOrder(ObjectView spec) {
    Set<String> seen = new HashSet<>();
    List<ObjectView> priorities = spec.objects("priorities");
    for (int i = 0; i < priorities.size(); i++) {
      ObjectView priority = priorities.get(i);
      boolean last = i == priorities.size() - 1;
      if (priority.has("name") && !seen.add(priority.text("name"))) {
        priority.invalid("name", "is there twice; give each priority a name of its own");
      }
      if (!last && !priority.has("rules")) {
        priority.invalid("has no rules, so that those after it are never reached; put it last");
      }
      if (last && priority.has("rules")) {
        priority.invalid(
            "rules", "the last priority is that of all other requests; add one without");
      }
    }
  }
}
