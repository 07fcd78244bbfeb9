package dev.weft.controlserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.Table;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The last changes of the policy: who, when, what, and what was there before, which is what takes a
 * change back. An entry becomes durable in the transaction of its change. Thread-safe; entries are
 * added by one thread at a time.
 */
public final class PolicyHistory {
  private static final String FLOOR = "history-floor";

  private final MeshStore store;
  private final Clock clock;
  private final int limit;
  private final NavigableSet<Long> versions = new ConcurrentSkipListSet<>();

  /**
   * @param limit of entries; the oldest is forgotten
   * @param version of the mesh when the server starts
   */
  public PolicyHistory(MeshStore store, Clock clock, int limit, long version) {
    this.store = store;
    this.clock = clock;
    this.limit = limit;
    store.entries(Table.HISTORY).keySet().forEach(key -> versions.add(Long.valueOf(key)));
    if (store.get(Table.META, FLOOR) == null) {
      // A store from before there was a history cannot tell what was before now.
      long floor = store.entries(Table.RESOURCES).isEmpty() ? 0 : version;
      store.write(
          tx -> {
            tx.put(Table.META, FLOOR, Long.toString(floor));
            return floor;
          });
    }
  }

  /**
   * Who changes policy, and by which command.
   *
   * @param actor as in the audit log
   * @param what such as {@code apply}
   */
  public record Origin(String actor, String what) {}

  /** What one change did to one resource, named {@code kinds/namespace/name}. */
  public record Change(String key, String action) {}

  /** One version of the policy. */
  public record Entry(
      long version, Instant time, String actor, String what, List<Change> changes) {}

  /** Adds the entry of a change that {@code tx} makes; returns the versions to forget with it. */
  List<Long> add(
      MeshStore.Transaction tx, long version, Origin origin, List<PolicyChange.Row> changes) {
    ObjectNode entry = Json.object();
    entry.put("time", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    entry.put("actor", origin.actor());
    entry.put("what", origin.what());
    ArrayNode rows = entry.putArray("changes");
    for (PolicyChange.Row row : changes) {
      ObjectNode change = rows.addObject().put("key", row.key()).put("action", row.action().word());
      if (row.before() != null) {
        change.put("before", StoredRecords.text(row.before()));
      }
    }
    tx.put(Table.HISTORY, Long.toString(version), Json.text(entry));
    List<Long> forgotten = new ArrayList<>();
    int surplus = versions.size() + 1 - limit;
    for (Long oldest : versions) {
      if (forgotten.size() >= surplus) {
        break;
      }
      tx.remove(Table.HISTORY, oldest.toString());
      tx.put(Table.META, FLOOR, oldest.toString());
      forgotten.add(oldest);
    }
    return forgotten;
  }

  /** Notes that the entry of {@code version} is durable. */
  void added(long version, List<Long> forgotten) {
    versions.add(version);
    versions.removeAll(forgotten);
  }

  /** The newest first. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (Long version : versions.descendingSet()) {
      String text = store.get(Table.HISTORY, version.toString());
      if (text != null) {
        entries.add(entry(version, Json.readOwn(text)));
      }
    }
    return entries;
  }

  /** The oldest version whose policy is still known. */
  public long floor() {
    String floor = store.get(Table.META, FLOOR);
    return floor == null ? 0 : Long.parseLong(floor);
  }

  /**
   * What has been changed since {@code version}, as it was then: a record of the store, or nothing.
   */
  Map<String, Optional<String>> asOf(long version) {
    Map<String, Optional<String>> then = new LinkedHashMap<>();
    for (Long later : versions.tailSet(version, false).descendingSet()) {
      String text = store.get(Table.HISTORY, later.toString());
      if (text != null) {
        for (JsonNode change : Json.readOwn(text).path("changes")) {
          then.put(
              change.path("key").asText(), Optional.ofNullable(change.path("before").asText(null)));
        }
      }
    }
    return then;
  }

  private static Entry entry(long version, ObjectNode entry) {
    List<Change> changes = new ArrayList<>();
    for (JsonNode change : entry.path("changes")) {
      changes.add(new Change(change.path("key").asText(), change.path("action").asText()));
    }
    return new Entry(
        version,
        Instant.parse(entry.path("time").asText()),
        entry.path("actor").asText(),
        entry.path("what").asText(),
        changes);
  }
}
