package dev.weft.dataplane.inbound;

import dev.weft.policy.snapshot.AuthorizationPolicy;

/** One compiled AuthorizationPolicy. Immutable. */
final class PolicyMatcher {
  private final String name;
  private final boolean deny;
  private final RuleMatcher[] rules;

  private PolicyMatcher(String name, boolean deny, RuleMatcher[] rules) {
    this.name = name;
    this.deny = deny;
    this.rules = rules;
  }

  static PolicyMatcher of(AuthorizationPolicy policy) {
    RuleMatcher[] rules = new RuleMatcher[policy.rules.size()];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = RuleMatcher.of(policy.rules.get(i), policy.namespace);
    }
    return new PolicyMatcher(
        policy.namespace + "/" + policy.name,
        policy.action == AuthorizationPolicy.Action.DENY
            || policy.action == AuthorizationPolicy.Action.CUSTOM,
        rules);
  }

  /** {@code namespace/name}. */
  String name() {
    return name;
  }

  boolean needsPath() {
    for (RuleMatcher rule : rules) {
      if (rule.needsPath()) {
        return true;
      }
    }
    return false;
  }

  boolean needsHost() {
    for (RuleMatcher rule : rules) {
      if (rule.needsHost()) {
        return true;
      }
    }
    return false;
  }

  boolean matches(Facts facts) {
    for (RuleMatcher rule : rules) {
      if (rule.matches(facts, deny)) {
        return true;
      }
    }
    return false;
  }
}
