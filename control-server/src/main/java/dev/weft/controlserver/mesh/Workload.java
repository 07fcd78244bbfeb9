package dev.weft.controlserver.mesh;

import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.policy.snapshot.ReadinessProbe;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What decides the content of a snapshot: instances that are equal in it get the same.
 *
 * @param service the name of the service that its instances are of; empty for none
 * @param locality of the WorkloadGroup that they belong to, for those that name none; else empty
 * @param probe of the WorkloadGroup that they belong to, or null
 */
public record Workload(
    String namespace,
    Map<String, String> labels,
    String service,
    String locality,
    @Nullable ReadinessProbe probe) {
  public Workload {
    labels = Map.copyOf(labels);
  }

  /** One whose instances are of no service and no WorkloadGroup. */
  public Workload(String namespace, Map<String, String> labels) {
    this(namespace, labels, "", "", null);
  }

  public static Workload of(RegisteredInstance instance) {
    return new Workload(
        instance.identity().namespace(),
        instance.labels(),
        instance.report().service,
        instance.localityGiven(),
        instance.probe());
  }

  /** Whether a selector that demands these labels selects it; an empty one selects everybody. */
  public boolean has(Map<String, String> selector) {
    return has(labels, selector);
  }

  /** Whether a selector that demands these labels selects what has those. */
  public static boolean has(Map<String, String> labels, Map<String, String> selector) {
    return labels.entrySet().containsAll(selector.entrySet());
  }
}
