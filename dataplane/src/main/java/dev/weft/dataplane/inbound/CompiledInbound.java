package dev.weft.dataplane.inbound;

import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.JwtRule;
import dev.weft.policy.snapshot.MtlsMode;
import java.util.ArrayList;
import java.util.Collections;
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
  private final PolicyMatcher[] customTrial;
  private final @Nullable CustomPolicies custom;
  private final @Nullable Authentication authentication;
  private final @Nullable CompiledInbound trial;
  private final int trustedProxies;
  private final boolean needsPath;
  private final boolean needsHost;
  private final boolean demandsNothing;
  private final CompiledLimit @Nullable [] limits;
  private final @Nullable CompiledCors cors;
  private final @Nullable LoadShedders shedders;

  private CompiledInbound(
      InboundPolicy policy,
      @Nullable Authentication authentication,
      CompiledLimit @Nullable [] limits,
      @Nullable LoadShedders shedders) {
    this.mode = policy.mode;
    this.portModes = policy.portModes;
    this.deny = select(policy, AuthorizationPolicy.Action.DENY, false);
    this.allow = select(policy, AuthorizationPolicy.Action.ALLOW, false);
    this.audit = select(policy, AuthorizationPolicy.Action.AUDIT, false);
    this.customTrial = select(policy, AuthorizationPolicy.Action.CUSTOM, true);
    // Most workloads have none, and load no class for it.
    this.custom = hasCustom(policy) ? CustomPolicies.of(policy) : null;
    this.authentication = authentication;
    this.trial = trial(policy, authentication);
    this.trustedProxies = policy.trustedProxies;
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
    this.cors = policy.cors.isEmpty() ? null : CompiledCors.of(policy.cors);
    this.demandsNothing =
        letsAllIn()
            && cors == null
            && limits == null
            && shedders == null
            && audit.length == 0
            && custom == null
            && authentication == null
            && trial == null
            && mode != MtlsMode.STRICT
            && !portModes.containsValue(MtlsMode.STRICT);
    this.limits = limits;
    this.shedders = shedders;
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
   * Compiles a policy that takes the place of another: what its limits have counted goes on, and so
   * do what load shedding has found out and the tokens that were verified under the same rules.
   *
   * @param former null for none
   * @throws IllegalArgumentException when a value cannot be understood; the snapshot is refused
   */
  static CompiledInbound of(InboundPolicy policy, @Nullable CompiledInbound former, long nowNanos) {
    return new CompiledInbound(
        policy,
        authentication(policy.jwtRules, former == null ? null : former.authentication),
        policy.limits.isEmpty()
            ? null
            : CompiledLimit.of(policy.limits, former == null ? null : former.limits, nowNanos),
        LoadShedders.of(policy, former == null ? null : former.shedders, nowNanos));
  }

  /**
   * What was verified stays so while the rules are the same: most snapshots change others' parts.
   */
  private static @Nullable Authentication authentication(
      List<JwtRule> rules, @Nullable Authentication former) {
    if (rules.isEmpty()) {
      return null;
    }
    return former != null && former.isOf(rules)
        ? former
        : Authentication.of(rules, System::currentTimeMillis);
  }

  /** What it would be if the policies on dry run were in force; null when there are none. */
  private static @Nullable CompiledInbound trial(
      InboundPolicy policy, @Nullable Authentication authentication) {
    List<AuthorizationPolicy> enforced = null;
    for (int i = 0; i < policy.authorization.size(); i++) {
      AuthorizationPolicy each = policy.authorization.get(i);
      if (each.dryRun) {
        // One of action CUSTOM is only matched: nobody is asked on trial.
        enforced = enforced == null ? new ArrayList<>(policy.authorization) : enforced;
        enforced.set(i, each.toBuilder().dryRun(false).build());
      }
    }
    return enforced == null
        ? null
        : new CompiledInbound(
            policy.toBuilder().authorization(enforced).cors(Collections.emptyList()).build(),
            authentication,
            null,
            null);
  }

  private static boolean hasCustom(InboundPolicy policy) {
    for (AuthorizationPolicy each : policy.authorization) {
      if (each.action == AuthorizationPolicy.Action.CUSTOM && !each.dryRun) {
        return true;
      }
    }
    return false;
  }

  private static PolicyMatcher[] select(
      InboundPolicy policy, AuthorizationPolicy.Action action, boolean dryRun) {
    List<PolicyMatcher> selected = new ArrayList<>();
    for (AuthorizationPolicy each : policy.authorization) {
      if (each.action == action && each.dryRun == dryRun) {
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

  /** What it says about tokens; null when it says nothing. */
  @Nullable Authentication authentication() {
    return authentication;
  }

  /** The request, made ready to carry a token where one may be asked for. */
  InboundRequest authenticable(InboundRequest request) {
    return authentication == null ? request : new AuthenticatedRequest(request);
  }

  /** What it says of other origins; null when it says nothing. */
  @Nullable CompiledCors cors() {
    return cors;
  }

  /** How many proxies are trusted to tell who called them. */
  int trustedProxies() {
    return trustedProxies;
  }

  /** What would be asked if the policies on dry run were in force; null when there are none. */
  @Nullable CompiledInbound trial() {
    return trial;
  }

  /** Policies that leave the decision to others; null when there are none. */
  @Nullable CustomPolicies custom() {
    return custom;
  }

  /** Those that would do so if they were not on dry run. */
  PolicyMatcher[] customTrial() {
    return customTrial;
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

  /** What sheds load; null when nothing does. */
  @Nullable LoadShedders shedders() {
    return shedders;
  }

  /** What sheds the load of a local port; null when nothing does. */
  @Nullable LoadShedder shedder(int port) {
    LoadShedders all = shedders;
    return all == null ? null : all.on(port);
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
