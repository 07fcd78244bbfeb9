package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.AuthorizationPolicySpec;
import dev.weft.policy.resource.LoadSheddingSpec;
import dev.weft.policy.resource.PeerAuthenticationSpec;
import dev.weft.policy.resource.RequestAuthenticationSpec;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.JwtKey;
import dev.weft.policy.snapshot.JwtRule;
import dev.weft.policy.snapshot.LoadShedding;
import dev.weft.policy.snapshot.MtlsMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What holds for calls into one workload. */
final class InboundRules {
  /** More than this at a time is no limit. */
  private static final int MOST_REQUESTS = 100_000;

  private InboundRules() {}

  static InboundPolicy compile(
      PolicyIndex policy, LimitRules limits, Workload workload, Scope scope, MeshView view) {
    String rootNamespace = view.rootNamespace();
    LoadShedding shedding = shedding(policy.loadSheddings(), workload, rootNamespace);
    InboundPolicy.Builder result = InboundPolicy.builder();
    authenticate(policy.peerAuthentications(), workload, rootNamespace, result);
    return result
        .jwtRules(jwtRules(policy.requestAuthentications(), workload, rootNamespace, view.keys()))
        .trustedProxies(view.trustedProxies())
        .authorization(authorization(policy.authorizationPolicies(), workload, rootNamespace))
        .limits(limits.compile(workload))
        .shedding(bounded(shedding, scope, scope.mostRequests()))
        .portShedding(byPort(shedding, scope))
        .build();
  }

  /** A port without a limit goes by none, rather than by what is said for all. */
  private static Map<Integer, LoadShedding> byPort(@Nullable LoadShedding found, Scope scope) {
    Map<Integer, LoadShedding> result = new TreeMap<>();
    scope
        .mostRequestsByPort()
        .forEach(
            (port, most) -> {
              LoadShedding own = bounded(found, scope, most == 0 ? MOST_REQUESTS : most);
              if (own != null) {
                result.put(port, own);
              }
            });
    return result;
  }

  /** The closest one alone: two would not know of each other's requests. */
  private static @Nullable LoadShedding shedding(
      List<StoredResource> policies, Workload workload, String rootNamespace) {
    List<StoredResource> holding =
        Precedence.closestFirst(
            policies,
            workload,
            rootNamespace,
            each -> each.resource().spec(LoadSheddingSpec.class).selector);
    return holding.isEmpty()
        ? null
        : holding.get(0).resource().spec(LoadSheddingSpec.class).shedding;
  }

  /** No more requests at a time than the workload's Sidecar says, whatever is found out. */
  private static @Nullable LoadShedding bounded(
      @Nullable LoadShedding found, Scope scope, int wanted) {
    int most = Math.min(wanted, MOST_REQUESTS);
    if (most == 0) {
      return found;
    }
    if (found == null) {
      return LoadShedding.builder()
          .name(scope.name())
          .namespace(scope.namespace())
          .minConcurrency(most)
          .maxConcurrency(most)
          .initialConcurrency(most)
          .build();
    }
    return found.toBuilder()
        .minConcurrency(Math.min(found.minConcurrency, most))
        .maxConcurrency(Math.min(found.maxConcurrency, most))
        .initialConcurrency(Math.min(found.initialConcurrency, most))
        .build();
  }

  /** The mode that holds on one port of a workload. */
  static MtlsMode mode(
      List<StoredResource> rules, Workload workload, String rootNamespace, int port) {
    InboundPolicy.Builder result = InboundPolicy.builder();
    authenticate(rules, workload, rootNamespace, result);
    InboundPolicy policy = result.build();
    return policy.portModes.getOrDefault(port, policy.mode);
  }

  /**
   * The workload's own rule, else the namespace's, else the mesh's; each may leave the mode to the
   * next.
   */
  private static void authenticate(
      List<StoredResource> rules,
      Workload workload,
      String rootNamespace,
      InboundPolicy.Builder result) {
    PeerAuthenticationSpec selecting =
        oldest(
            rules,
            workload.namespace(),
            spec -> !spec.selector.isEmpty() && workload.has(spec.selector));
    PeerAuthenticationSpec namespace =
        oldest(rules, workload.namespace(), spec -> spec.selector.isEmpty());
    PeerAuthenticationSpec mesh = oldest(rules, rootNamespace, spec -> spec.selector.isEmpty());
    MtlsMode mode = MtlsMode.PERMISSIVE;
    for (PeerAuthenticationSpec spec :
        new @Nullable PeerAuthenticationSpec[] {mesh, namespace, selecting}) {
      if (spec != null && spec.mode != null) {
        mode = spec.mode;
      }
    }
    result.mode(mode);
    if (selecting != null) {
      result.portModes(selecting.portModes);
    }
  }

  private static @Nullable PeerAuthenticationSpec oldest(
      List<StoredResource> rules, String namespace, Predicate<PeerAuthenticationSpec> wanted) {
    for (StoredResource stored : rules) {
      PeerAuthenticationSpec spec = stored.resource().spec(PeerAuthenticationSpec.class);
      if (stored.resource().namespace().equals(namespace) && wanted.test(spec)) {
        return spec;
      }
    }
    return null;
  }

  /**
   * Those of the workload's namespace and of the root namespace that select it: CUSTOM, then DENY,
   * then the others.
   */
  private static List<AuthorizationPolicy> authorization(
      List<StoredResource> policies, Workload workload, String rootNamespace) {
    List<AuthorizationPolicy> selected = new ArrayList<>();
    for (StoredResource stored : policies) {
      String namespace = stored.resource().namespace();
      AuthorizationPolicySpec spec = stored.resource().spec(AuthorizationPolicySpec.class);
      if (selects(namespace, spec.selector, spec.targets, workload, rootNamespace)) {
        boolean dryRun = stored.resource().isDryRun();
        selected.add(dryRun ? spec.policy.toBuilder().dryRun(true).build() : spec.policy);
      }
    }
    selected.sort(
        Comparator.comparingInt((AuthorizationPolicy policy) -> order(policy.action))
            .thenComparing(policy -> policy.namespace)
            .thenComparing(policy -> policy.name));
    return selected;
  }

  private static int order(AuthorizationPolicy.Action action) {
    return switch (action) {
      case CUSTOM -> 0;
      case DENY -> 1;
      case ALLOW, AUDIT -> 2;
    };
  }

  /**
   * Rules of all that select the workload, of the root namespace as of its own, in the order of
   * their issuers: Istio asks them as if one resource had them all.
   */
  private static List<JwtRule> jwtRules(
      List<StoredResource> resources,
      Workload workload,
      String rootNamespace,
      Map<String, List<JwtKey>> keys) {
    List<JwtRule> rules = new ArrayList<>();
    for (StoredResource stored : resources) {
      String namespace = stored.resource().namespace();
      RequestAuthenticationSpec spec = stored.resource().spec(RequestAuthenticationSpec.class);
      if (selects(namespace, spec.selector, spec.targets, workload, rootNamespace)) {
        for (RequestAuthenticationSpec.Issuer issuer : spec.jwtRules) {
          rules.add(
              issuer.inline
                  ? issuer.rule
                  : issuer.rule.toBuilder()
                      .keys(keys.getOrDefault(issuer.keyName(), List.of()))
                      .build());
        }
      }
    }
    rules.sort(Comparator.comparing(rule -> rule.issuer));
    return rules;
  }

  /** By reference only within the policy's own namespace, also where that is the mesh's. */
  private static boolean selects(
      String namespace,
      Map<String, String> selector,
      @Nullable Set<String> targets,
      Workload workload,
      String rootNamespace) {
    if (targets != null) {
      return namespace.equals(workload.namespace()) && targets.contains(workload.service());
    }
    return (namespace.equals(workload.namespace()) || namespace.equals(rootNamespace))
        && workload.has(selector);
  }
}
