package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.WorkloadGroup;
import dev.weft.controlserver.resource.StoredResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Which resources hold for a group of workloads, the closest first: what selects the workload
 * before what is for its namespace, and that before what is for the mesh; the oldest first.
 */
final class Precedence {
  private Precedence() {}

  /**
   * @param resources the oldest first
   * @param selector the labels that a resource selects by, empty for a whole namespace
   */
  static List<StoredResource> closestFirst(
      List<StoredResource> resources,
      WorkloadGroup group,
      String rootNamespace,
      Function<StoredResource, Map<String, String>> selector) {
    List<StoredResource> selected = new ArrayList<>();
    for (String namespace : namespaces(group, rootNamespace)) {
      for (boolean bySelector : new boolean[] {true, false}) {
        for (StoredResource stored : resources) {
          Map<String, String> labels = selector.apply(stored);
          if (stored.resource().namespace().equals(namespace)
              && labels.isEmpty() != bySelector
              && group.labels().entrySet().containsAll(labels.entrySet())) {
            selected.add(stored);
          }
        }
      }
    }
    return selected;
  }

  private static List<String> namespaces(WorkloadGroup group, String rootNamespace) {
    return group.namespace().equals(rootNamespace)
        ? List.of(rootNamespace)
        : List.of(group.namespace(), rootNamespace);
  }
}
