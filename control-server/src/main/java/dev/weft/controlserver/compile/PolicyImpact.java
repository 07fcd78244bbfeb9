package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.mesh.WorkloadGroups;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** For whom a change of policy changes anything: found by compiling before and after it. */
public final class PolicyImpact {
  private PolicyImpact() {}

  /**
   * Instances of one service that get the same new content.
   *
   * @param changes what is new in it: {@code inbound} (mTLS mode, authorization, limits), {@code
   *     databases}, {@code telemetry}, {@code probe}, {@code outbound HOST}
   */
  public record Affected(
      String namespace, String service, List<String> instances, List<String> changes) {}

  /** The live instances whose snapshot differs between the two, by service. */
  public static List<Affected> between(MeshView before, MeshView after) {
    SnapshotCompiler old = new SnapshotCompiler();
    SnapshotCompiler fresh = new SnapshotCompiler();
    Map<List<Workload>, List<String>> changes = new HashMap<>();
    WorkloadGroups groups = WorkloadGroups.of(after.policy());
    Map<Affected, List<String>> instances = new LinkedHashMap<>();
    for (RegisteredInstance instance : before.instances()) {
      List<String> changed =
          changes.computeIfAbsent(
              List.of(Workload.of(instance), Workload.of(groups.enrolled(instance))),
              both ->
                  differences(old.compile(before, both.get(0)), fresh.compile(after, both.get(1))));
      if (!changed.isEmpty()) {
        Affected service =
            new Affected(
                instance.report().namespace, instance.report().service, List.of(), changed);
        instances.computeIfAbsent(service, key -> new ArrayList<>()).add(instance.id());
      }
    }
    List<Affected> affected = new ArrayList<>();
    instances.forEach(
        (key, ids) ->
            affected.add(new Affected(key.namespace(), key.service(), ids, key.changes())));
    return affected;
  }

  private static List<String> differences(Snapshot before, Snapshot after) {
    if (before.equals(after)) {
      return List.of();
    }
    List<String> changes = new ArrayList<>();
    if (!before.inbound.equals(after.inbound)) {
      changes.add("inbound");
    }
    if (!before.databases.equals(after.databases)) {
      changes.add("databases");
    }
    if (!Objects.equals(before.telemetry, after.telemetry)) {
      changes.add("telemetry");
    }
    if (!Objects.equals(before.probe, after.probe)) {
      changes.add("probe");
    }
    Map<String, Service> old = byHost(before);
    Map<String, Service> fresh = byHost(after);
    TreeSet<String> hosts = new TreeSet<>(old.keySet());
    hosts.addAll(fresh.keySet());
    for (String host : hosts) {
      Service was = old.get(host);
      if (was == null || !was.equals(fresh.get(host))) {
        changes.add("outbound " + host);
      }
    }
    return changes;
  }

  private static Map<String, Service> byHost(Snapshot snapshot) {
    Map<String, Service> services = new HashMap<>();
    snapshot.services.forEach(service -> services.put(service.host, service));
    return services;
  }
}
