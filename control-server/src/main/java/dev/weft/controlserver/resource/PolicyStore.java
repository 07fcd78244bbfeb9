package dev.weft.controlserver.resource;

import dev.weft.controlserver.StartupException;
import dev.weft.controlserver.resource.PolicyChange.Action;
import dev.weft.controlserver.resource.PolicyChange.Row;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.Table;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policy in force. Reads go to an immutable copy that is replaced after a change is durable.
 * Thread-safe; changes are planned and committed through {@link dev.weft.controlserver.mesh.Mesh},
 * one at a time.
 */
public final class PolicyStore {
  private final MeshStore store;
  private final PolicyHistory history;
  private final Clock clock;
  private final boolean fromDirectory;
  private volatile NavigableMap<String, StoredResource> current;

  /**
   * @param fromDirectory whether what came from a {@link PolicyDirectory} may be changed by it only
   * @throws StartupException when the store holds policy that this version does not understand:
   *     starting without it would drop it silently
   */
  public PolicyStore(MeshStore store, PolicyHistory history, Clock clock, boolean fromDirectory) {
    this.fromDirectory = fromDirectory;
    this.store = store;
    this.history = history;
    this.clock = clock;
    current = load(store.entries(Table.RESOURCES));
  }

  /**
   * What putting {@code resources} in force would do.
   *
   * @param set that they shall belong to, or null; a resource stays in the set it is in
   * @param prune also remove what is in the set and not among {@code resources}
   * @param version that the mesh will have with them
   * @throws PolicyConflict when a resource belongs to another set, or there would be two
   *     MeshConfigs
   */
  public PolicyChange planApply(
      List<Resource> resources, @Nullable String set, boolean prune, long version)
      throws PolicyConflict {
    if (prune && set == null) {
      throw new IllegalArgumentException("to prune without a set would remove what others applied");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    PolicyChange change = PolicyPlans.apply(current, resources, set, prune, now, version);
    MeshRules.requireOneMeshConfig(change, current);
    return PolicyDirectory.SET.equals(set) ? change : byOthers(change);
  }

  /** What deleting would do: nothing when it is not there. */
  public PolicyChange planDelete(ResourceKind kind, String namespace, String name)
      throws PolicyConflict {
    StoredResource before = find(kind, namespace, name);
    return byOthers(
        new PolicyChange(
            before == null ? List.of() : List.of(new Row(Action.DELETED, before, null))));
  }

  /**
   * What going back to the policy of an earlier version of the mesh would do.
   *
   * @param to the version whose policy shall be in force again
   * @param version that the mesh will have then
   * @throws PolicyConflict when the history does not reach there
   */
  public PolicyChange planRollback(long to, long version) throws PolicyConflict {
    if (to >= version) {
      throw new PolicyConflict(
          "there was no version " + to + " yet; the newest is " + (version - 1));
    }
    if (to < history.floor()) {
      throw new PolicyConflict(
          "the history reaches back to version "
              + history.floor()
              + ", not to "
              + to
              + "; apply the policy of then from where it is kept");
    }
    PolicyChange change = PolicyPlans.rollback(current, history.asOf(to), version);
    MeshRules.requireOneMeshConfig(change, current);
    return byOthers(change);
  }

  /** The change, which touches nothing of the directory's. */
  private PolicyChange byOthers(PolicyChange change) throws PolicyConflict {
    for (Row row : change.changes()) {
      if (fromDirectory && (isOfDirectory(row.before()) || isOfDirectory(row.after()))) {
        throw new PolicyConflict(
            row.key()
                + " comes from the directory that this server was started with (--policy-dir):"
                + " change it there");
      }
    }
    return change;
  }

  private static boolean isOfDirectory(@Nullable StoredResource stored) {
    return stored != null && PolicyDirectory.SET.equals(stored.set());
  }

  /** Makes the change, all of it or, when writing fails, nothing; and notes it in the history. */
  public void commit(PolicyChange change, PolicyHistory.Origin origin, long version) {
    List<Row> changes = change.changes();
    if (changes.isEmpty()) {
      return;
    }
    List<Long> forgotten =
        store.write(
            tx -> {
              for (Row row : changes) {
                if (row.after() == null) {
                  tx.remove(Table.RESOURCES, row.key());
                } else {
                  tx.put(Table.RESOURCES, row.key(), StoredRecords.text(row.after()));
                }
              }
              return history.add(tx, version, origin, changes);
            });
    history.added(version, forgotten);
    current = Collections.unmodifiableNavigableMap(change.on(current));
  }

  public @Nullable StoredResource find(ResourceKind kind, String namespace, String name) {
    return current.get(StoredRecords.key(kind, namespace, name));
  }

  /** Everything, by kind, namespace and name; immutable. */
  public Collection<StoredResource> all() {
    return current.values();
  }

  private static NavigableMap<String, StoredResource> load(Map<String, String> records) {
    NavigableMap<String, StoredResource> loaded = new TreeMap<>();
    records.forEach(
        (key, text) -> {
          try {
            loaded.put(key, StoredRecords.read(key, text));
          } catch (StoredRecords.NotUnderstood e) {
            throw new StartupException(
                e.getMessage()
                    + "; start the version that wrote it and change or delete the resource there");
          }
        });
    return Collections.unmodifiableNavigableMap(loaded);
  }
}
