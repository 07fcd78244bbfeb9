package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.Visibility;
import dev.weft.policy.resource.Visibility.Reach;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Resources as callers of one namespace see them: what is hidden from them is not there. */
final class Visible {
  private Visible() {}

  /**
   * Those that callers in the namespace see: first what is for their own namespace alone, then what
   * names it, then what is for all, as Istio has it; each in the order given.
   */
  static List<StoredResource> nearestFirst(
      List<StoredResource> resources,
      String callerNamespace,
      Function<StoredResource, Visibility> visibility) {
    List<StoredResource> visible = seen(resources, callerNamespace, visibility);
    visible.sort(
        Comparator.<StoredResource, Reach>comparing(
            stored -> visibility.apply(stored).to(callerNamespace)));
    return visible;
  }

  /** Those that callers in the namespace see, in the order given. */
  static List<StoredResource> seen(
      List<StoredResource> resources,
      String callerNamespace,
      Function<StoredResource, Visibility> visibility) {
    List<StoredResource> visible = new ArrayList<>();
    for (StoredResource stored : resources) {
      if (visibility.apply(stored).includes(callerNamespace)) {
        visible.add(stored);
      }
    }
    return visible;
  }
}
