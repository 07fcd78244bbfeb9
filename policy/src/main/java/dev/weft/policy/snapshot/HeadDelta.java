package dev.weft.policy.snapshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has changed of a snapshot beside its services: fields of its document anew, and fields that
 * are back at their default. Immutable.
 */
final class HeadDelta {
  private static final HeadDelta NONE =
      new HeadDelta(Collections.emptyMap(), Collections.emptyList());

  /**
   * These go together: while its server runs from a backup, an agent adds to them what it knows.
   */
  private static final List<String> TRUST =
      Arrays.asList("restored", "trustDomain", "trustBundle", "withdrawn");

  private final Map<String, Object> fields;
  private final List<String> absent;

  private HeadDelta(Map<String, Object> fields, List<String> absent) {
    this.fields = fields;
    this.absent = absent;
  }

  static HeadDelta between(Snapshot before, Snapshot after) {
    Snapshot old = head(before);
    Snapshot now = head(after);
    if (old.equals(now)) {
      return NONE;
    }
    Map<String, Object> known = SnapshotWriter.write(old);
    Map<String, Object> wanted = SnapshotWriter.write(now);
    Map<String, Object> fields = new LinkedHashMap<>(wanted);
    fields.entrySet().removeIf(field -> field.getValue().equals(known.get(field.getKey())));
    List<String> absent = new ArrayList<>(known.keySet());
    absent.removeAll(wanted.keySet());
    if (!Collections.disjoint(fields.keySet(), TRUST) || !Collections.disjoint(absent, TRUST)) {
      for (String name : TRUST) {
        Object value = wanted.get(name);
        if (value != null) {
          fields.put(name, value);
        } else if (!absent.contains(name)) {
          absent.add(name);
        }
      }
    }
    return new HeadDelta(fields, absent);
  }

  /** The snapshot with what has changed, still with its own version and services. */
  Snapshot.Builder on(Snapshot before) {
    if (fields.isEmpty() && absent.isEmpty()) {
      return before.toBuilder();
    }
    Map<String, Object> document = new LinkedHashMap<>(SnapshotWriter.write(head(before)));
    document.keySet().removeAll(absent);
    document.putAll(fields);
    return JsonObject.readAll(document, SnapshotReader::snapshot).toBuilder();
  }

  JsonWriter write(JsonWriter to) {
    return to.object("head", fields).list("absent", absent);
  }

  static HeadDelta read(JsonObject from) {
    Map<String, Object> fields = from.tree("head");
    // What this version does not know is refused now, not when it is applied.
    JsonObject.readAll(fields, SnapshotReader::snapshot);
    return new HeadDelta(fields, from.texts("absent"));
  }

  private static Snapshot head(Snapshot snapshot) {
    return snapshot.toBuilder().version(0).epoch("").services(Collections.emptyList()).build();
  }
}
