package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.DestinationRuleSpec;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Subset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * DestinationRules by namespace and host. Istio's lookup: the caller's namespace, then the
 * service's, then the root namespace; the first that has a rule for the host decides, and several
 * rules for the same host there are merged, the oldest first.
 */
final class TrafficRules {
  private final Map<String, HostTable<StoredResource>> byNamespace = new HashMap<>();

  private TrafficRules() {}

  static TrafficRules of(List<StoredResource> rules, ServiceCatalog catalog) {
    TrafficRules table = new TrafficRules();
    for (StoredResource rule : rules) {
      String namespace = rule.resource().namespace();
      String host = rule.resource().spec(DestinationRuleSpec.class).host;
      table
          .byNamespace
          .computeIfAbsent(namespace, key -> new HostTable<>())
          .add(catalog.resolve(host, namespace), rule);
    }
    return table;
  }

  /**
   * {@code service} with the traffic policy and subsets that hold for callers in {@code
   * callerNamespace}.
   */
  Service apply(Service service, String callerNamespace, String rootNamespace) {
    for (String namespace :
        new LinkedHashSet<>(List.of(callerNamespace, service.namespace, rootNamespace))) {
      HostTable<StoredResource> rules = byNamespace.get(namespace);
      List<StoredResource> found = rules == null ? List.of() : rules.find(service.host);
      if (!found.isEmpty()) {
        return merged(service, found);
      }
    }
    return service;
  }

  private static Service merged(Service service, List<StoredResource> rules) {
    Service.Builder result = service.toBuilder();
    for (StoredResource rule : rules) {
      if (rule.resource().spec().containsKey("trafficPolicy")) {
        result.trafficPolicy(rule.resource().spec(DestinationRuleSpec.class).trafficPolicy);
        break;
      }
    }
    Map<String, Subset> subsets = new LinkedHashMap<>();
    for (StoredResource rule : rules) {
      for (Subset subset : rule.resource().spec(DestinationRuleSpec.class).subsets) {
        subsets.putIfAbsent(subset.name, subset);
      }
    }
    return result.subsets(new ArrayList<>(subsets.values())).build();
  }
}
