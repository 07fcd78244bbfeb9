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

  /** Policies that apply to this workload: first DENY, then ALLOW, as in Istio. */
  public final List<AuthorizationPolicy> authorization;

  /** Rate limits that apply to this workload, in the order in which they are asked. */
  public final List<RateLimit> limits;

  private InboundPolicy(Builder b) {
    this.mode = b.mode;
    this.portModes = Copies.of(b.portModes);
    this.authorization = Copies.of(b.authorization);
    this.limits = Copies.of(b.limits);
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
        .limits(limits);
  }

  /** Returns the policy of a mesh in which nobody has said anything: everything is let in. */
  public static InboundPolicy permissive() {
    return PERMISSIVE;
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {mode, portModes, authorization, limits};
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
    private List<RateLimit> limits = Collections.emptyList();

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

    /** Sets {@link InboundPolicy#limits}. */
    public Builder limits(List<RateLimit> limits) {
      this.limits = limits;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public InboundPolicy build() {
      return new InboundPolicy(this);
    }
  }
}
