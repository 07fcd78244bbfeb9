package dev.weft.dataplane.inbound;

import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.MtlsMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this workload demands of those who call it, ready to be asked. Immutable. */
public final class CompiledInbound {
  private final MtlsMode mode;
  private final Map<Integer, MtlsMode> portModes;
  private final PolicyMatcher[] deny;
  private final PolicyMatcher[] allow;
  private final PolicyMatcher[] audit;
  private final boolean needsPath;
  private final boolean needsHost;
  private final boolean demandsNothing;
  private final CompiledLimit @Nullable [] limits;

  private CompiledInbound(InboundPolicy policy, CompiledLimit @Nullable [] limits) {
    this.mode = policy.mode;
    this.portModes = policy.portModes;
    this.deny = select(policy, AuthorizationPolicy.Action.DENY);
    this.allow = select(policy, AuthorizationPolicy.Action.ALLOW);
    this.audit = select(policy, AuthorizationPolicy.Action.AUDIT);
    boolean path = false;
    boolean host = false;
    // Not those of AUDIT: a policy that decides nothing must not get a request refused.
    for (PolicyMatcher[] group : new PolicyMatcher[][] {deny, allow}) {
      for (PolicyMatcher matcher : group) {
        path |= matcher.needsPath();
        host |= matcher.needsHost();
      }
    }
    this.needsPath = path;
    this.needsHost = host;
    this.demandsNothing =
        letsAllIn()
            && limits == null
            && audit.length == 0
            && mode != MtlsMode.STRICT
            && !portModes.containsValue(MtlsMode.STRICT);
    this.limits = limits;
  }

  /**
   * Compiles a policy.
   *
   * @throws IllegalArgumentException when a value cannot be understood; the snapshot is refused
   */
  public static CompiledInbound of(InboundPolicy policy) {
    return of(policy, null, 0);
  }

  /**
   * Compiles a policy that takes the place of another: what its limits have counted goes on.
   *
   * @param former null for none
   * @throws IllegalArgumentException when a value cannot be understood; the snapshot is refused
   */
  static CompiledInbound of(InboundPolicy policy, @Nullable CompiledInbound former, long nowNanos) {
    return new CompiledInbound(
        policy,
        policy.limits.isEmpty()
            ? null
            : CompiledLimit.of(policy.limits, former == null ? null : former.limits, nowNanos));
  }

  private static PolicyMatcher[] select(InboundPolicy policy, AuthorizationPolicy.Action action) {
    List<PolicyMatcher> selected = new ArrayList<>();
    for (AuthorizationPolicy each : policy.authorization) {
      if (each.action == action) {
        selected.add(PolicyMatcher.of(each));
      }
    }
    return selected.toArray(new PolicyMatcher[0]);
  }

  /** The mTLS mode of a port (Istio PeerAuthentication mtls, portLevelMtls). */
  public MtlsMode mode(int port) {
    if (portModes.isEmpty()) {
      return mode;
    }
    return portModes.getOrDefault(port, mode);
  }

  PolicyMatcher[] deny() {
    return deny;
  }

  PolicyMatcher[] allow() {
    return allow;
  }

  PolicyMatcher[] audit() {
    return audit;
  }

  /** In the order in which they are asked; null for none. */
  CompiledLimit @Nullable [] limits() {
    return limits;
  }

  boolean needsPath() {
    return needsPath;
  }

  boolean needsHost() {
    return needsHost;
  }

  /** Whether every request is let in. */
  boolean letsAllIn() {
    return deny.length == 0 && allow.length == 0;
  }

  /** Whether no request is even looked at. */
  boolean demandsNothing() {
    return demandsNothing;
  }
}
