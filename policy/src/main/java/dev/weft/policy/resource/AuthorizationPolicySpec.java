package dev.weft.policy.resource;

import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an AuthorizationPolicy says. Immutable. */
public final class AuthorizationPolicySpec {
  /** Labels that a workload must carry; empty selects the namespace, or the mesh from the root. */
  public final Map<String, String> selector;

  /** Services whose instances alone it is for; null when it goes by {@link #selector}. */
  public final @Nullable Set<String> targets;

  /** The policy as an agent gets it. */
  public final AuthorizationPolicy policy;

  private AuthorizationPolicySpec(
      Map<String, String> selector, @Nullable Set<String> targets, AuthorizationPolicy policy) {
    this.selector = Collections.unmodifiableMap(selector);
    this.targets = targets;
    this.policy = policy;
  }

  static AuthorizationPolicySpec of(SpecFields spec, String namespace, String name) {
    return new AuthorizationPolicySpec(
        spec.object("selector").textMap("matchLabels"),
        PolicyTargets.of(spec),
        AuthorizationPolicy.builder()
            .name(name)
            .namespace(namespace)
            .action(AuthorizationPolicy.Action.valueOf(spec.text("action", "ALLOW")))
            .rules(spec.objects("rules", rule -> rule(rule, namespace)))
            .provider(spec.object("provider").text("name", ""))
            .build());
  }

  static Rule rule(SpecFields rule, String namespace) {
    return Rule.builder()
        .from(rule.objects("from", from -> source(from.object("source"), namespace)))
        .to(rule.objects("to", to -> operation(to.object("operation"))))
        .when(rule.objects("when", when -> condition(when, namespace)))
        .build();
  }

  private static Condition condition(SpecFields when, String namespace) {
    String key = when.text("key", "");
    boolean account = key.equals("source.serviceAccount");
    List<String> values = when.texts("values");
    List<String> notValues = when.texts("notValues");
    return Condition.builder()
        .key(key)
        .values(account ? inFull(values, namespace) : values)
        .notValues(account ? inFull(notValues, namespace) : notValues)
        .build();
  }

  private static Source source(SpecFields source, String namespace) {
    return Source.builder()
        .principals(source.texts("principals"))
        .notPrincipals(source.texts("notPrincipals"))
        .namespaces(source.texts("namespaces"))
        .notNamespaces(source.texts("notNamespaces"))
        .serviceAccounts(inFull(source.texts("serviceAccounts"), namespace))
        .notServiceAccounts(inFull(source.texts("notServiceAccounts"), namespace))
        .ipBlocks(source.texts("ipBlocks"))
        .notIpBlocks(source.texts("notIpBlocks"))
        .requestPrincipals(source.texts("requestPrincipals"))
        .notRequestPrincipals(source.texts("notRequestPrincipals"))
        .trustDomains(source.texts("trustDomains"))
        .notTrustDomains(source.texts("notTrustDomains"))
        .remoteIpBlocks(source.texts("remoteIpBlocks"))
        .notRemoteIpBlocks(source.texts("notRemoteIpBlocks"))
        .build();
  }

  /** Istio: a service account without a namespace is of the policy's own. */
  private static List<String> inFull(List<String> accounts, String namespace) {
    List<String> result = new ArrayList<>();
    for (String account : accounts) {
      result.add(account.indexOf('/') >= 0 ? account : namespace + "/" + account);
    }
    return result;
  }

  private static Operation operation(SpecFields operation) {
    return Operation.builder()
        .hosts(operation.texts("hosts"))
        .notHosts(operation.texts("notHosts"))
        .ports(operation.texts("ports"))
        .notPorts(operation.texts("notPorts"))
        .methods(operation.texts("methods"))
        .notMethods(operation.texts("notMethods"))
        .paths(operation.texts("paths"))
        .notPaths(operation.texts("notPaths"))
        .build();
  }
}
