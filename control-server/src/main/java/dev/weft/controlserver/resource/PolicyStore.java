package dev.weft.controlserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.StartupException;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.Table;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import dev.weft.policy.resource.ResourceReader;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policy in force. Reads go to an immutable copy that is replaced after a change is durable.
 * Thread-safe; changes are made through {@link dev.weft.controlserver.mesh.Mesh}, one at a time.
 */
public final class PolicyStore {
  private final MeshStore store;
  private final Clock clock;
  private volatile NavigableMap<String, StoredResource> current;

  /**
   * @throws StartupException when the store holds policy that this version does not understand:
   *     starting without it would drop it silently
   */
  public PolicyStore(MeshStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    current = load(store.entries(Table.RESOURCES));
  }

  /** What applying did to one resource. */
  public enum Action {
    CREATED,
    CONFIGURED,
    UNCHANGED
  }

  /** One row of the answer to apply. */
  public record Applied(Resource resource, Action action) {}

  /**
   * Puts {@code resources} in force, all of them or, when writing fails, none.
   *
   * @param version that the mesh will have with them
   * @param dryRun only says what would happen
   */
  public List<Applied> apply(List<Resource> resources, long version, boolean dryRun) {
    NavigableMap<String, StoredResource> next = new TreeMap<>(current);
    List<Applied> outcome = new ArrayList<>();
    List<StoredResource> changed = new ArrayList<>();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    for (Resource resource : resources) {
      StoredResource before = next.get(key(resource));
      if (before != null && before.resource().sameContent(resource)) {
        outcome.add(new Applied(resource, Action.UNCHANGED));
        continue;
      }
      StoredResource after =
          new StoredResource(resource, before == null ? now : before.created(), version);
      next.put(key(resource), after);
      changed.add(after);
      outcome.add(new Applied(resource, before == null ? Action.CREATED : Action.CONFIGURED));
    }
    if (!dryRun && !changed.isEmpty()) {
      store.write(
          tx -> {
            changed.forEach(
                stored -> tx.put(Table.RESOURCES, key(stored.resource()), record(stored)));
            return changed.size();
          });
      current = Collections.unmodifiableNavigableMap(next);
    }
    return outcome;
  }

  /** Whether it was there. */
  public boolean delete(ResourceKind kind, String namespace, String name) {
    String key = key(kind, namespace, name);
    NavigableMap<String, StoredResource> next = new TreeMap<>(current);
    if (next.remove(key) == null) {
      return false;
    }
    store.write(tx -> tx.remove(Table.RESOURCES, key) != null);
    current = Collections.unmodifiableNavigableMap(next);
    return true;
  }

  public @Nullable StoredResource find(ResourceKind kind, String namespace, String name) {
    return current.get(key(kind, namespace, name));
  }

  /** Everything, by kind, namespace and name; immutable. */
  public Collection<StoredResource> all() {
    return current.values();
  }

  private static NavigableMap<String, StoredResource> load(Map<String, String> records) {
    NavigableMap<String, StoredResource> loaded = new TreeMap<>();
    records.forEach(
        (key, text) -> {
          ObjectNode record = Json.readOwn(text);
          ReadResult read = ResourceReader.read(key, record.path("resource").toString(), "default");
          if (!read.accepted()) {
            throw new StartupException(
                "the stored policy "
                    + key
                    + " is not understood by this version: "
                    + read.problems().get(0)
                    + "; start the version that wrote it and change or delete the resource there");
          }
          loaded.put(
              key,
              new StoredResource(
                  read.resources().get(0),
                  Instant.parse(record.path("created").asText()),
                  record.path("version").asLong()));
        });
    return Collections.unmodifiableNavigableMap(loaded);
  }

  private static String record(StoredResource stored) {
    ObjectNode record = Json.object();
    record.put("created", stored.created().toString());
    record.put("version", stored.version());
    record.set("resource", Json.tree(stored.resource().toMap()));
    return Json.text(record);
  }

  private static String key(Resource resource) {
    return key(resource.kind(), resource.namespace(), resource.name());
  }

  private static String key(ResourceKind kind, String namespace, String name) {
    return kind.plural() + "/" + namespace + "/" + name;
  }
}
