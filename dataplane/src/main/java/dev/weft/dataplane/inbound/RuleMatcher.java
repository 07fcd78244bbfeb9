package dev.weft.dataplane.inbound;

import dev.weft.policy.snapshot.Rule;

/**
 * One rule of an AuthorizationPolicy: any source, and any operation, and all conditions. Immutable.
 */
final class RuleMatcher {
  private final SourceMatcher[] from;
  private final OperationMatcher[] to;
  private final ConditionMatcher[] when;

  private RuleMatcher(SourceMatcher[] from, OperationMatcher[] to, ConditionMatcher[] when) {
    this.from = from;
    this.to = to;
    this.when = when;
  }

  static RuleMatcher of(Rule rule, String namespace) {
    SourceMatcher[] from = new SourceMatcher[rule.from.size()];
    for (int i = 0; i < from.length; i++) {
      from[i] = SourceMatcher.of(rule.from.get(i), namespace);
    }
    OperationMatcher[] to = new OperationMatcher[rule.to.size()];
    for (int i = 0; i < to.length; i++) {
      to[i] = OperationMatcher.of(rule.to.get(i));
    }
    ConditionMatcher[] when = new ConditionMatcher[rule.when.size()];
    for (int i = 0; i < when.length; i++) {
      when[i] = ConditionMatcher.of(rule.when.get(i));
    }
    return new RuleMatcher(from, to, when);
  }

  boolean needsPath() {
    for (OperationMatcher operation : to) {
      if (operation.needsPath()) {
        return true;
      }
    }
    return false;
  }

  boolean needsHost() {
    for (OperationMatcher operation : to) {
      if (operation.needsHost()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the rule holds.
   *
   * @param deny what an absent attribute means: in a DENY it satisfies every negative, in an ALLOW
   *     nothing
   */
  boolean matches(Facts facts, boolean deny) {
    return anySource(facts, deny) && anyOperation(facts, deny) && allConditions(facts, deny);
  }

  private boolean anySource(Facts facts, boolean deny) {
    for (SourceMatcher source : from) {
      if (source.matches(facts, deny)) {
        return true;
      }
    }
    return from.length == 0;
  }

  private boolean anyOperation(Facts facts, boolean deny) {
    for (OperationMatcher operation : to) {
      if (operation.matches(facts, deny)) {
        return true;
      }
    }
    return to.length == 0;
  }

  private boolean allConditions(Facts facts, boolean deny) {
    for (ConditionMatcher condition : when) {
      if (!condition.matches(facts, deny)) {
        return false;
      }
    }
    return true;
  }
}
