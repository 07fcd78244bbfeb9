package dev.weft.controlserver.mesh;

import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.ResourceKind;
import dev.weft.policy.resource.WorkloadGroupSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which WorkloadGroup an instance belongs to: that of the namespace in its certificate which its
 * label {@value WorkloadGroupSpec#LABEL} names, else the one with its service's name; and only when
 * the certificate names the group's service account, if the group has one. Immutable.
 */
public final class WorkloadGroups {
  private final Map<String, WorkloadGroupSpec> byName;

  private WorkloadGroups(Map<String, WorkloadGroupSpec> byName) {
    this.byName = byName;
  }

  public static WorkloadGroups of(Collection<StoredResource> policy) {
    Map<String, WorkloadGroupSpec> byName = new HashMap<>();
    for (StoredResource stored : policy) {
      if (stored.resource().kind() == ResourceKind.WORKLOAD_GROUP) {
        byName.put(
            key(stored.resource().namespace(), stored.resource().name()),
            stored.resource().spec(WorkloadGroupSpec.class));
      }
    }
    return new WorkloadGroups(byName);
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }

  /** The same instances as members of their groups. */
  List<RegisteredInstance> enrolled(List<RegisteredInstance> instances) {
    List<RegisteredInstance> enrolled = new ArrayList<>(instances.size());
    for (RegisteredInstance instance : instances) {
      enrolled.add(enrolled(instance));
    }
    return List.copyOf(enrolled);
  }

  /** The same instance as a member of its group, or of none. */
  public RegisteredInstance enrolled(RegisteredInstance instance) {
    WorkloadGroupSpec group = groupOf(instance);
    return group == instance.group() ? instance : instance.in(group);
  }

  private @Nullable WorkloadGroupSpec groupOf(RegisteredInstance instance) {
    if (byName.isEmpty()) {
      return null;
    }
    String name =
        instance.report().labels.getOrDefault(WorkloadGroupSpec.LABEL, instance.report().service);
    WorkloadGroupSpec group = byName.get(key(instance.identity().namespace(), name));
    return group != null
            && (group.serviceAccount.isEmpty()
                || group.serviceAccount.equals(instance.identity().serviceAccount()))
        ? group
        : null;
  }
}
