package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.resilience.ConcurrencyLimit;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.LoadPriority;
import dev.weft.policy.snapshot.LoadShedding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ADMIT: refuses what would only make all others wait, first of all what matters least. A
 * priority's rules are read as those of an ALLOW, so that nobody gets one by what is absent or can
 * be read in more than one way. Thread-safe without locks.
 */
final class LoadShedder {
  private final LoadShedding document;
  private final Priority[] priorities;
  private final ConcurrencyLimit limit;

  /** One of the document's, ready to be asked. */
  private static final class Priority {
    final @Nullable PolicyMatcher rules;
    final int share;
    final boolean exempt;
    final String name;
    final LocalReply refusal;

    Priority(LoadShedding document, LoadPriority priority) {
      this.rules = priority.rules.isEmpty() ? null : matcher(document, priority);
      this.share = priority.share;
      this.exempt = priority.exempt;
      this.name = priority.name;
      this.refusal =
          LocalReply.of(
              503,
              ReplyKind.RESPONSE,
              ResponseFlag.UO,
              InboundStage.ADMIT.name(),
              priority.name.isEmpty() ? document.name : document.name + "/" + priority.name,
              "overloaded: as many requests are under way as this instance can serve in time");
    }

    private static PolicyMatcher matcher(LoadShedding document, LoadPriority priority) {
      return PolicyMatcher.of(
          AuthorizationPolicy.builder()
              .namespace(document.namespace)
              .action(AuthorizationPolicy.Action.ALLOW)
              .rules(priority.rules)
              .build());
    }

    boolean holdsFor(Facts facts) {
      PolicyMatcher asked = rules;
      if (asked == null) {
        return true;
      }
      boolean unclear =
          (asked.needsPath() && facts.paths().ambiguous())
              || (asked.needsHost() && facts.ambiguousHost());
      return !unclear && asked.matches(facts);
    }
  }

  private LoadShedder(LoadShedding document, ConcurrencyLimit limit) {
    this.document = document;
    this.limit = limit;
    List<LoadPriority> all = document.priorities;
    this.priorities = new Priority[Math.max(1, all.size())];
    priorities[0] = new Priority(document, LoadPriority.builder().build());
    for (int i = 0; i < all.size(); i++) {
      priorities[i] = new Priority(document, all.get(i));
    }
  }

  /**
   * Compiles the policy.
   *
   * @param former the one before: what it has found out goes on while its bounds are the same
   * @throws IllegalArgumentException when a value cannot be understood
   */
  static LoadShedder of(LoadShedding document, @Nullable LoadShedder former, long nowNanos) {
    boolean goesOn =
        former != null
            && former.document.minConcurrency == document.minConcurrency
            && former.document.maxConcurrency == document.maxConcurrency
            && former.document.initialConcurrency == document.initialConcurrency;
    return new LoadShedder(
        document,
        goesOn && former != null
            ? former.limit
            : new ConcurrencyLimit(
                document.minConcurrency,
                document.maxConcurrency,
                document.initialConcurrency,
                nowNanos));
  }

  /** The refusal, or null when the request may go on; then it holds a place unless it is exempt. */
  @Nullable LocalReply admit(InboundExchange exchange, int trustedProxies, long nowNanos) {
    Priority priority = priority(exchange.request(), trustedProxies);
    if (priority.exempt) {
      return null;
    }
    if (!limit.tryAcquire(priority.share)) {
      return priority.refusal;
    }
    exchange.holds(limit, nowNanos);
    return null;
  }

  /** The last has no rules, and is that of whatever the others are not. */
  private Priority priority(InboundRequest request, int trustedProxies) {
    Facts facts = priorities.length == 1 ? null : new Facts(request, trustedProxies);
    for (int i = 0; facts != null && i < priorities.length - 1; i++) {
      if (priorities[i].holdsFor(facts)) {
        return priorities[i];
      }
    }
    return priorities[priorities.length - 1];
  }

  /** Name of the resource. */
  String name() {
    return document.name;
  }

  ConcurrencyLimit limit() {
    return limit;
  }

  /** What it would go by for a request, in words. */
  String describe(InboundRequest request, int trustedProxies) {
    Priority priority = priority(request, trustedProxies);
    String whose = priority.name.isEmpty() ? "a request" : "priority " + priority.name;
    return priority.exempt
        ? whose + " is exempt: always taken, and not counted"
        : whose + " is taken while less than " + priority.share + " % of the limit is in use";
  }
}
