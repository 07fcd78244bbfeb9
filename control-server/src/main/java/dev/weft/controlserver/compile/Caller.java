package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.DestinationRuleSpec;
import dev.weft.policy.resource.VirtualServiceSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What rules may ask of a caller: its namespace and, of its labels, those that any rule looks at;
 * and what its Sidecar leaves it. Callers that are equal get the same services. Immutable.
 */
record Caller(String namespace, Map<String, String> labels, Scope scope) {
  /** The labels that some match of these VirtualServices, or one of these rules, asks for. */
  static Set<String> labelKeys(
      List<StoredResource> virtualServices, List<StoredResource> destinationRules) {
    Set<String> keys = new HashSet<>();
    for (StoredResource stored : virtualServices) {
      VirtualServiceSpec spec = stored.resource().spec(VirtualServiceSpec.class);
      spec.rules.forEach(rule -> rule.addSourceLabels(keys));
      spec.connectionRules.forEach(rule -> rule.addSourceLabels(keys));
    }
    for (StoredResource stored : destinationRules) {
      Map<String, String> selector = stored.resource().spec(DestinationRuleSpec.class).selector;
      if (selector != null) {
        keys.addAll(selector.keySet());
      }
    }
    return keys;
  }

  static Caller of(Workload workload, Set<String> labelKeys, Scope scope) {
    Map<String, String> labels = new HashMap<>(workload.labels());
    labels.keySet().retainAll(labelKeys);
    return new Caller(workload.namespace(), Map.copyOf(labels), scope);
  }
}
