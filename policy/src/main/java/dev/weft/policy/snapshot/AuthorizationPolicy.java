package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may do what (Istio AuthorizationPolicy), already selected for the workload. */
public final class AuthorizationPolicy {
  /** Name of the resource, for rejections and logs. */
  public final String name;

  /** Namespace of the resource. */
  public final String namespace;

  /** What a match means. */
  public final Action action;

  /** Any one of these must match; an empty list matches nothing. */
  public final List<Rule> rules;

  /** Whether it decides nothing, and what it would have decided is only noted. */
  public final boolean dryRun;

  /** Who is asked with CUSTOM ({@link ExternalAuthorizer#name}); empty with other actions. */
  public final String provider;

  private AuthorizationPolicy(Builder b) {
    this.name = b.name;
    this.namespace = b.namespace;
    this.action = b.action;
    this.rules = Copies.of(b.rules);
    this.dryRun = b.dryRun;
    this.provider = b.provider;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .name(name)
        .namespace(namespace)
        .action(action)
        .rules(rules)
        .dryRun(dryRun)
        .provider(provider);
  }

  /** What a match means. */
  public enum Action {
    /** Lets the request in; where any ALLOW policy exists, one must match. */
    ALLOW,
    /** Refuses the request before any ALLOW is asked. */
    DENY,
    /** Decides nothing, notes the request. */
    AUDIT,
    /** Leaves it to an authorizer, before any DENY is asked. */
    CUSTOM
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {name, namespace, action, rules, dryRun, provider};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AuthorizationPolicy
        && Arrays.equals(fields(), ((AuthorizationPolicy) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "AuthorizationPolicy" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private String namespace = "";
    private Action action = Action.ALLOW;
    private List<Rule> rules = Collections.emptyList();
    private boolean dryRun;
    private String provider = "";

    private Builder() {}

    /** Sets {@link AuthorizationPolicy#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link AuthorizationPolicy#namespace}. */
    public Builder namespace(String namespace) {
      this.namespace = namespace;
      return this;
    }

    /** Sets {@link AuthorizationPolicy#action}. */
    public Builder action(Action action) {
      this.action = action;
      return this;
    }

    /** Sets {@link AuthorizationPolicy#rules}. */
    public Builder rules(List<Rule> rules) {
      this.rules = rules;
      return this;
    }

    /** Sets {@link AuthorizationPolicy#dryRun}. */
    public Builder dryRun(boolean dryRun) {
      this.dryRun = dryRun;
      return this;
    }

    /** Sets {@link AuthorizationPolicy#provider}. */
    public Builder provider(String provider) {
      this.provider = provider;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public AuthorizationPolicy build() {
      return new AuthorizationPolicy(this);
    }
  }
}
