package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.HttpRule;
import dev.weft.policy.resource.VirtualServiceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * VirtualServices without hosts, to which rules of others delegate. As in Istio one that is not
 * there, or not for the namespace of the root, and a rule that would take requests which are not
 * the root's to delegate, leave a gap.
 */
final class Delegates {
  private final Map<String, StoredResource> byName = new HashMap<>();

  private Delegates() {}

  /** A rule, and the namespaces that the short names of its backends and mirrors are meant in. */
  record Placed(HttpRule rule, String namespace, String mirrorNamespace) {}

  static Delegates of(List<StoredResource> virtualServices) {
    Delegates delegates = new Delegates();
    for (StoredResource stored : virtualServices) {
      if (stored.resource().spec(VirtualServiceSpec.class).hosts.isEmpty()) {
        delegates.byName.put(key(stored.resource().namespace(), stored.resource().name()), stored);
      }
    }
    return delegates;
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }

  /** The rules of a VirtualService, with those of others in the place of rules that delegate. */
  List<Placed> rules(StoredResource stored) {
    String namespace = stored.resource().namespace();
    List<Placed> rules = new ArrayList<>();
    for (HttpRule rule : stored.resource().spec(VirtualServiceSpec.class).rules) {
      if (!rule.delegates()) {
        rules.add(new Placed(rule, namespace, namespace));
        continue;
      }
      String elsewhere = rule.delegateNamespace(namespace);
      StoredResource delegate = byName.get(key(elsewhere, rule.delegateName()));
      if (delegate == null) {
        continue;
      }
      VirtualServiceSpec spec = delegate.resource().spec(VirtualServiceSpec.class);
      if (!spec.visibility.includes(namespace)) {
        continue;
      }
      for (HttpRule leaf : spec.rules) {
        HttpRule merged = leaf.under(rule);
        if (merged != null) {
          rules.add(new Placed(merged, elsewhere, leaf.mirrors() ? elsewhere : namespace));
        }
      }
    }
    return rules;
  }
}
