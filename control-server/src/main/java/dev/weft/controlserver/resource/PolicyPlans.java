package dev.weft.controlserver.resource;

import dev.weft.controlserver.resource.PolicyChange.Action;
import dev.weft.controlserver.resource.PolicyChange.Row;
import dev.weft.policy.resource.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what changes to make to the policy in force. Pure functions. */
final class PolicyPlans {
  private PolicyPlans() {}

  static PolicyChange apply(
      NavigableMap<String, StoredResource> current,
      List<Resource> resources,
      @Nullable String set,
      boolean prune,
      Instant now,
      long version)
      throws PolicyConflict {
    List<Row> rows = new ArrayList<>();
    Set<String> kept = new HashSet<>();
    for (Resource resource : resources) {
      kept.add(StoredRecords.key(resource));
      rows.add(applied(current.get(StoredRecords.key(resource)), resource, set, now, version));
    }
    if (prune) {
      for (Map.Entry<String, StoredResource> entry : current.entrySet()) {
        StoredResource stored = entry.getValue();
        if (stored.set() != null && stored.set().equals(set) && !kept.contains(entry.getKey())) {
          rows.add(new Row(Action.PRUNED, stored, null));
        }
      }
    }
    return new PolicyChange(rows);
  }

  private static Row applied(
      @Nullable StoredResource before,
      Resource resource,
      @Nullable String set,
      Instant now,
      long version)
      throws PolicyConflict {
    if (before == null) {
      return new Row(Action.CREATED, null, new StoredResource(resource, now, version, set));
    }
    String owner = before.set();
    if (set != null && owner != null && !owner.equals(set)) {
      throw new PolicyConflict(
          StoredRecords.key(resource)
              + " belongs to the set "
              + owner
              + ", not "
              + set
              + ": take it out of one of the two; it moves when it is deleted and applied anew");
    }
    StoredResource after =
        new StoredResource(resource, before.created(), version, owner == null ? set : owner);
    return before.sameAs(after)
        ? new Row(Action.UNCHANGED, before, before)
        : new Row(Action.CONFIGURED, before, after);
  }

  /**
   * Makes everything what it was.
   *
   * @param then what was changed since, as it was
   */
  static PolicyChange rollback(
      NavigableMap<String, StoredResource> current,
      Map<String, Optional<String>> then,
      long version)
      throws PolicyConflict {
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, Optional<String>> entry : then.entrySet()) {
      String record = entry.getValue().orElse(null);
      StoredResource now = current.get(entry.getKey());
      if (record == null) {
        if (now != null) {
          rows.add(new Row(Action.DELETED, now, null));
        }
        continue;
      }
      StoredResource was = read(entry.getKey(), record);
      if (now == null || !now.sameAs(was)) {
        rows.add(
            new Row(
                now == null ? Action.CREATED : Action.CONFIGURED,
                now,
                new StoredResource(was.resource(), was.created(), version, was.set())));
      }
    }
    return new PolicyChange(rows);
  }

  private static StoredResource read(String key, String record) throws PolicyConflict {
    try {
      return StoredRecords.read(key, record);
    } catch (StoredRecords.NotUnderstood e) {
      throw new PolicyConflict(
          e.getMessage() + "; it cannot come back: choose a version in which it was not so");
    }
  }
}
