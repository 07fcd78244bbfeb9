package dev.weft.policy.resource;

import dev.weft.policy.snapshot.LoadPriority;
import dev.weft.policy.snapshot.LoadShedding;
import java.util.Collections;
import java.util.Map;

/** What a LoadShedding says. Immutable. */
public final class LoadSheddingSpec {
  static final LoadShedding DEFAULTS = LoadShedding.builder().build();

  /** Labels that a workload must carry; empty selects the namespace, or the mesh from the root. */
  public final Map<String, String> selector;

  /** As an agent gets it. */
  public final LoadShedding shedding;

  private LoadSheddingSpec(Map<String, String> selector, LoadShedding shedding) {
    this.selector = Collections.unmodifiableMap(selector);
    this.shedding = shedding;
  }

  static LoadSheddingSpec of(SpecFields spec, String namespace, String name) {
    int least = spec.integer("minConcurrency", DEFAULTS.minConcurrency);
    int most = spec.integer("maxConcurrency", DEFAULTS.maxConcurrency);
    int first = Math.max(least, Math.min(most, DEFAULTS.initialConcurrency));
    return new LoadSheddingSpec(
        spec.object("selector").textMap("matchLabels"),
        LoadShedding.builder()
            .name(namespace + "/" + name)
            .namespace(namespace)
            .minConcurrency(least)
            .maxConcurrency(most)
            .initialConcurrency(spec.integer("initialConcurrency", first))
            .priorities(spec.objects("priorities", each -> priority(each, namespace)))
            .build());
  }

  private static LoadPriority priority(SpecFields priority, String namespace) {
    return LoadPriority.builder()
        .name(priority.text("name", ""))
        .rules(priority.objects("rules", rule -> AuthorizationPolicySpec.rule(rule, namespace)))
        .share(priority.integer("share", 100))
        .exempt(priority.flag("exempt", false))
        .build();
  }
}
