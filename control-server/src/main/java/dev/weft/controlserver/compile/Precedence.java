package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.resource.StoredResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Which resources hold for a workload, the closest first: what selects the workload before what is
 * for its namespace, and that before what is for the mesh; the oldest first.
 */
final class Precedence {
  private Precedence() {}

  /**
   * @param resources the oldest first
   * @param selector the labels that a resource selects by, empty for a whole namespace
   */
  static List<StoredResource> closestFirst(
      List<StoredResource> resources,
      Workload workload,
      String rootNamespace,
      Function<StoredResource, Map<String, String>> selector) {
    List<StoredResource> selected = new ArrayList<>();
    for (String namespace : namespaces(workload, rootNamespace)) {
      for (boolean bySelector : new boolean[] {true, false}) {
        for (StoredResource stored : resources) {
          Map<String, String> labels = selector.apply(stored);
          if (stored.resource().namespace().equals(namespace)
              && labels.isEmpty() != bySelector
              && workload.has(labels)) {
            selected.add(stored);
          }
        }
      }
    }
    return selected;
  }

  private static List<String> namespaces(Workload workload, String rootNamespace) {
    return workload.namespace().equals(rootNamespace)
        ? List.of(rootNamespace)
        : List.of(workload.namespace(), rootNamespace);
  }
}
