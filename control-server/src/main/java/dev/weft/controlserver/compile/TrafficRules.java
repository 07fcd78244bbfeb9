package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.DestinationRuleSpec;
import dev.weft.policy.resource.Visibility;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Subset;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The DestinationRules that callers of one namespace see. Istio's lookup: the caller's namespace,
 * then the service's, then the root namespace; the first that has a rule for the host decides, and
 * several rules for the same host there are merged, the oldest first. A rule of the root namespace
 * that others see is for the whole mesh, so that callers there ask the service's namespace before
 * it.
 *
 * <p>A rule that selects callers is there for those of its own namespace alone, and comes before
 * what is for all of them; of several selectors that of the oldest rule counts.
 */
final class TrafficRules {
  private final Map<String, HostTable<StoredResource>> byNamespace = new HashMap<>();
  private final HostTable<StoredResource> ofRootAlone = new HostTable<>();
  private final String callerNamespace;
  private final String rootNamespace;

  private TrafficRules(String callerNamespace, String rootNamespace) {
    this.callerNamespace = callerNamespace;
    this.rootNamespace = rootNamespace;
  }

  static TrafficRules of(
      List<StoredResource> rules,
      ServiceCatalog catalog,
      String callerNamespace,
      String rootNamespace) {
    TrafficRules table = new TrafficRules(callerNamespace, rootNamespace);
    for (StoredResource rule : Visible.seen(rules, callerNamespace, TrafficRules::visibility)) {
      String namespace = rule.resource().namespace();
      String host =
          catalog.resolve(rule.resource().spec(DestinationRuleSpec.class).host, namespace);
      boolean rootAlone = namespace.equals(rootNamespace) && visibility(rule).isPrivate();
      HostTable<StoredResource> hosts =
          rootAlone
              ? table.ofRootAlone
              : table.byNamespace.computeIfAbsent(namespace, key -> new HostTable<>());
      hosts.add(host, rule);
    }
    return table;
  }

  private static Visibility visibility(StoredResource rule) {
    return rule.resource().spec(DestinationRuleSpec.class).visibility;
  }

  /** The rules that hold for calls to {@code service}, in the order in which they are merged. */
  List<StoredResource> find(Service service, Caller caller) {
    Predicate<StoredResource> counts = rule -> isFor(rule, caller);
    String host = EntryServices.plain(service.host);
    List<StoredResource> found =
        callerNamespace.equals(rootNamespace)
            ? ofRootAlone.find(host, counts)
            : find(callerNamespace, host, counts);
    for (String namespace : new String[] {service.namespace, rootNamespace}) {
      if (found.isEmpty()) {
        found = find(namespace, host, counts);
      }
    }
    return selectingFirst(found);
  }

  private static boolean isFor(StoredResource rule, Caller caller) {
    Map<String, String> selector = selector(rule);
    return selector == null || caller.labels().entrySet().containsAll(selector.entrySet());
  }

  /** The oldest that selects the caller, those that do so by the same labels, those for all. */
  private static List<StoredResource> selectingFirst(List<StoredResource> rules) {
    Map<String, String> selector = null;
    List<StoredResource> selecting = new ArrayList<>();
    List<StoredResource> others = new ArrayList<>();
    for (StoredResource rule : rules) {
      Map<String, String> labels = selector(rule);
      if (labels == null) {
        others.add(rule);
      } else if (selector == null || selector.equals(labels)) {
        selector = labels;
        selecting.add(rule);
      }
    }
    if (selecting.isEmpty()) {
      return rules;
    }
    selecting.addAll(others);
    return selecting;
  }

  private static @Nullable Map<String, String> selector(StoredResource rule) {
    return rule.resource().spec(DestinationRuleSpec.class).selector;
  }

  /** {@code service} with the traffic policy and subsets of the rules that hold for it. */
  static Service apply(Service service, List<StoredResource> rules) {
    return rules.isEmpty() ? service : merged(service, rules);
  }

  private List<StoredResource> find(
      String namespace, String host, Predicate<StoredResource> counts) {
    HostTable<StoredResource> rules = byNamespace.get(namespace);
    return rules == null ? List.of() : rules.find(host, counts);
  }

  private static Service merged(Service service, List<StoredResource> rules) {
    Service.Builder result = service.toBuilder();
    List<String> names = service.trafficPolicy.subjectAltNames;
    for (StoredResource rule : rules) {
      DestinationRuleSpec said = rule.resource().spec(DestinationRuleSpec.class);
      if (said.hasTrafficPolicy) {
        result.trafficPolicy(named(said.trafficPolicy, names));
        break;
      }
    }
    Map<String, Subset> subsets = new LinkedHashMap<>();
    for (StoredResource rule : rules) {
      for (Subset subset : rule.resource().spec(DestinationRuleSpec.class).subsets) {
        TrafficPolicy policy = named(subset.trafficPolicy, names);
        subsets.putIfAbsent(subset.name, subset.toBuilder().trafficPolicy(policy).build());
      }
    }
    return result.subsets(new ArrayList<>(subsets.values())).build();
  }

  /** As in Istio the names that a ServiceEntry gives hold where a DestinationRule gives none. */
  private static TrafficPolicy named(TrafficPolicy policy, List<String> names) {
    if (names.isEmpty()) {
      return policy;
    }
    Map<Integer, TrafficPolicy> ports = new LinkedHashMap<>();
    policy.ports.forEach((port, there) -> ports.put(port, named(there, names)));
    return policy.toBuilder()
        .subjectAltNames(policy.subjectAltNames.isEmpty() ? names : policy.subjectAltNames)
        .ports(ports)
        .build();
  }
}
