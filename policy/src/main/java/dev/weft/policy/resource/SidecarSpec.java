package dev.weft.policy.resource;

import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a Sidecar says. Immutable. */
public final class SidecarSpec {
  /** Labels of the workloads it is for; empty for all of its namespace. */
  public final Map<String, String> selector;

  /** What the workloads may call; null for all that they see. */
  public final @Nullable EgressScope egress;

  /** What becomes of calls to other hosts; null for what holds in the mesh. */
  public final @Nullable OutboundTrafficPolicy outbound;

  private SidecarSpec(
      Map<String, String> selector,
      @Nullable EgressScope egress,
      @Nullable OutboundTrafficPolicy outbound) {
    this.selector = Collections.unmodifiableMap(selector);
    this.egress = egress;
    this.outbound = outbound;
  }

  static SidecarSpec of(SpecFields spec) {
    List<String> hosts = new ArrayList<>();
    for (List<String> listed : spec.objects("egress", listener -> listener.texts("hosts"))) {
      hosts.addAll(listed);
    }
    return new SidecarSpec(
        spec.object("workloadSelector").textMap("labels"),
        hosts.isEmpty() ? null : EgressScope.of(hosts),
        // Istio: the policy without a mode is the stricter one, its absence the mesh's.
        spec.optionalObject(
            "outboundTrafficPolicy",
            policy -> OutboundTrafficPolicy.valueOf(policy.text("mode", "REGISTRY_ONLY"))));
  }
}
