package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.RateLimitSpec;
import dev.weft.policy.snapshot.RateLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rate limits of workloads in one state of the mesh. What instances share is divided among those
 * that live and can be called, so that a share lasts as long as the lease of its instance. Confined
 * to one thread.
 */
final class LimitRules {
  private final List<StoredResource> policies;
  private final MeshView view;
  private final Map<String, Integer> sharing = new HashMap<>();

  LimitRules(List<StoredResource> policies, MeshView view) {
    this.policies = policies;
    this.view = view;
  }

  /** All that hold for the workload, in the order in which they are asked ({@link Precedence}). */
  List<RateLimit> compile(Workload workload) {
    List<RateLimit> limits = new ArrayList<>();
    for (StoredResource stored :
        Precedence.closestFirst(
            policies,
            workload,
            view.rootNamespace(),
            each -> each.resource().spec(RateLimitSpec.class).selector)) {
      for (RateLimitSpec.Limit each : stored.resource().spec(RateLimitSpec.class).limits) {
        limits.add(
            each.shared
                ? each.limit.toBuilder()
                    .instances(sharing.computeIfAbsent(each.limit.name, name -> instances(stored)))
                    .build()
                : each.limit);
      }
    }
    return limits;
  }

  /** At least 1: an instance that nobody can call yet has all of it when it begins. */
  private int instances(StoredResource stored) {
    String namespace = stored.resource().namespace();
    Map<String, String> selector = stored.resource().spec(RateLimitSpec.class).selector;
    int count = 0;
    for (RegisteredInstance instance : view.instances()) {
      if (instance.endpoint() != null
          && (namespace.equals(instance.identity().namespace())
              || namespace.equals(view.rootNamespace()))
          && Workload.has(instance.labels(), selector)) {
        count++;
      }
    }
    return Math.max(1, count);
  }
}
