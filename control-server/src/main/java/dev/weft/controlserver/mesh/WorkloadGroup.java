package dev.weft.controlserver.mesh;

import dev.weft.controlserver.registry.RegisteredInstance;
import java.util.Map;

/** What decides the content of a snapshot: agents of one group get the same. */
public record WorkloadGroup(String namespace, Map<String, String> labels) {
  public WorkloadGroup {
    labels = Map.copyOf(labels);
  }

  public static WorkloadGroup of(RegisteredInstance instance) {
    return new WorkloadGroup(instance.identity().namespace(), instance.labels());
  }
}
