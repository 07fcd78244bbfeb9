package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.TelemetrySpec;
import dev.weft.policy.snapshot.TelemetryPolicy;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What telemetry does for one workload. */
final class TelemetryRules {
  private TelemetryRules() {}

  /**
   * Istio's precedence, field by field: what selects the workload, over what is for its namespace,
   * over what is for the mesh, over {@code mesh}; of several on one level the oldest holds.
   *
   * @param mesh what the MeshConfig says
   * @return null when nobody says anything
   */
  static @Nullable TelemetryPolicy compile(
      List<StoredResource> policies,
      Workload workload,
      String rootNamespace,
      TelemetryPolicy mesh) {
    TelemetryPolicy policy = over(mesh, policies, rootNamespace, TelemetryRules::isForAll);
    if (!workload.namespace().equals(rootNamespace)) {
      policy = over(policy, policies, workload.namespace(), TelemetryRules::isForAll);
    }
    policy = over(policy, policies, workload.namespace(), spec -> selects(spec, workload));
    return policy.equals(TelemetryPolicy.builder().build()) ? null : policy;
  }

  private static boolean isForAll(TelemetrySpec spec) {
    return spec.selector.isEmpty() && spec.targets == null;
  }

  private static boolean selects(TelemetrySpec spec, Workload workload) {
    return spec.targets != null
        ? spec.targets.contains(workload.service())
        : !spec.selector.isEmpty() && workload.has(spec.selector);
  }

  private static TelemetryPolicy over(
      TelemetryPolicy before,
      List<StoredResource> policies,
      String namespace,
      Predicate<TelemetrySpec> wanted) {
    for (StoredResource stored : policies) {
      TelemetrySpec spec = stored.resource().spec(TelemetrySpec.class);
      if (stored.resource().namespace().equals(namespace) && wanted.test(spec)) {
        return spec.over(before);
      }
    }
    return before;
  }
}
