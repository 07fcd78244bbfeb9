package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a workload demands of those who call it. */
public final class InboundPolicy {
  private static final InboundPolicy PERMISSIVE = new Builder().build();

  /** For every port without an entry in {@link #portModes}. */
  public final MtlsMode mode;

  /** By local port number. */
  public final Map<Integer, MtlsMode> portModes;

  /** Policies that apply to this workload: first CUSTOM, then DENY, then ALLOW, as in Istio. */
  public final List<AuthorizationPolicy> authorization;

  /**
   * Whom those of action CUSTOM ask. Where the one that a policy names is not among them, the
   * requests that the policy matches are refused.
   */
  public final List<ExternalAuthorizer> authorizers;

  /** Rate limits that apply to this workload, in the order in which they are asked. */
  public final List<RateLimit> limits;

  /** How it sheds load, or null when it does not. */
  public final @Nullable LoadShedding shedding;

  /** How ports shed load, by local port number, that count by themselves and not there. */
  public final Map<Integer, LoadShedding> portShedding;

  /**
   * Which tokens are taken, in the order in which their rules are asked; none is looked at when
   * empty.
   */
  public final List<JwtRule> jwtRules;

  /**
   * How many proxies in front of this workload are trusted to tell who called them, in {@code
   * X-Forwarded-For}; with 0 the original client is the connection's other end.
   */
  public final int trustedProxies;

  /**
   * Rules of the routes to the workload's own service, in order, as far as they say who of other
   * origins may read its answers: of each only name, matches and {@link Route#cors}. The first that
   * matches a request decides, also when it says nothing.
   */
  public final List<Route> cors;

  private InboundPolicy(Builder b) {
    this.mode = b.mode;
    this.portModes = Copies.of(b.portModes);
    this.authorization = Copies.of(b.authorization);
    this.authorizers = Copies.of(b.authorizers);
    this.limits = Copies.of(b.limits);
    this.shedding = b.shedding;
    this.portShedding = Copies.of(b.portShedding);
    this.jwtRules = Copies.of(b.jwtRules);
    this.trustedProxies = b.trustedProxies;
    this.cors = Copies.of(b.cors);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .mode(mode)
        .portModes(portModes)
        .authorization(authorization)
        .authorizers(authorizers)
        .limits(limits)
        .shedding(shedding)
        .portShedding(portShedding)
        .jwtRules(jwtRules)
        .trustedProxies(trustedProxies)
        .cors(cors);
  }

  /** Returns the policy of a mesh in which nobody has said anything: everything is let in. */
  public static InboundPolicy permissive() {
    return PERMISSIVE;
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      mode,
      portModes,
      authorization,
      authorizers,
      limits,
      shedding,
      portShedding,
      jwtRules,
      trustedProxies,
      cors
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InboundPolicy
        && Arrays.equals(fields(), ((InboundPolicy) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "InboundPolicy" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private MtlsMode mode = MtlsMode.PERMISSIVE;
    private Map<Integer, MtlsMode> portModes = Collections.emptyMap();
    private List<AuthorizationPolicy> authorization = Collections.emptyList();
    private List<ExternalAuthorizer> authorizers = Collections.emptyList();
    private List<RateLimit> limits = Collections.emptyList();
    private @Nullable LoadShedding shedding;
    private Map<Integer, LoadShedding> portShedding = Collections.emptyMap();
    private List<JwtRule> jwtRules = Collections.emptyList();
    private int trustedProxies;
    private List<Route> cors = Collections.emptyList();

    private Builder() {}

    /** Sets {@link InboundPolicy#mode}. */
    public Builder mode(MtlsMode mode) {
      this.mode = mode;
      return this;
    }

    /** Sets {@link InboundPolicy#portModes}. */
    public Builder portModes(Map<Integer, MtlsMode> portModes) {
      this.portModes = portModes;
      return this;
    }

    /** Sets {@link InboundPolicy#authorization}. */
    public Builder authorization(List<AuthorizationPolicy> authorization) {
      this.authorization = authorization;
      return this;
    }

    /** Sets {@link InboundPolicy#authorizers}. */
    public Builder authorizers(List<ExternalAuthorizer> authorizers) {
      this.authorizers = authorizers;
      return this;
    }

    /** Sets {@link InboundPolicy#limits}. */
    public Builder limits(List<RateLimit> limits) {
      this.limits = limits;
      return this;
    }

    /** Sets {@link InboundPolicy#shedding}. */
    public Builder shedding(@Nullable LoadShedding shedding) {
      this.shedding = shedding;
      return this;
    }

    /** Sets {@link InboundPolicy#portShedding}. */
    public Builder portShedding(Map<Integer, LoadShedding> portShedding) {
      this.portShedding = portShedding;
      return this;
    }

    /** Sets {@link InboundPolicy#jwtRules}. */
    public Builder jwtRules(List<JwtRule> jwtRules) {
      this.jwtRules = jwtRules;
      return this;
    }

    /** Sets {@link InboundPolicy#trustedProxies}. */
    public Builder trustedProxies(int trustedProxies) {
      this.trustedProxies = trustedProxies;
      return this;
    }

    /** Sets {@link InboundPolicy#cors}. */
    public Builder cors(List<Route> cors) {
      this.cors = cors;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public InboundPolicy build() {
      return new InboundPolicy(this);
    }
  }
}
