package dev.weft.controlserver.resource;

import dev.weft.policy.resource.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is to become of resources, before it is made so. Immutable. */
public record PolicyChange(List<Row> rows) {
  public PolicyChange {
    rows = List.copyOf(rows);
  }

  /** What becomes of one resource. */
  public enum Action {
    CREATED,
    CONFIGURED,
    UNCHANGED,
    PRUNED,
    DELETED;

    /** As answers and the history have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One resource.
   *
   * @param before null when there was none
   * @param after null when there will be none; never both
   */
  public record Row(
      Action action, @Nullable StoredResource before, @Nullable StoredResource after) {
    public Row {
      if (before == null && after == null) {
        throw new IllegalArgumentException("a change of nothing");
      }
    }

    public Resource resource() {
      return Objects.requireNonNull(after == null ? before : after).resource();
    }

    /** {@code kinds/namespace/name}. */
    public String key() {
      return StoredRecords.key(resource());
    }
  }

  /** Without the rows that change nothing. */
  public List<Row> changes() {
    List<Row> changes = new ArrayList<>();
    for (Row row : rows) {
      if (row.action() != Action.UNCHANGED) {
        changes.add(row);
      }
    }
    return changes;
  }

  public boolean isEmpty() {
    return changes().isEmpty();
  }

  /** All resources as they will be. */
  public Collection<StoredResource> resultOn(Collection<StoredResource> current) {
    NavigableMap<String, StoredResource> next = new TreeMap<>();
    current.forEach(stored -> next.put(StoredRecords.key(stored.resource()), stored));
    return List.copyOf(on(next).values());
  }

  NavigableMap<String, StoredResource> on(Map<String, StoredResource> current) {
    NavigableMap<String, StoredResource> next = new TreeMap<>(current);
    for (Row row : changes()) {
      StoredResource after = row.after();
      if (after == null) {
        next.remove(row.key());
      } else {
        next.put(row.key(), after);
      }
    }
    return next;
  }
}
