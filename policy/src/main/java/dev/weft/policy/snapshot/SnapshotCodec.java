package dev.weft.policy.snapshot;

import dev.weft.policy.JsonTree;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes snapshots as JSON and reads them back, strictly.
 *
 * <p>Equal snapshots give equal bytes: fields come in a fixed order and maps in the order of their
 * keys. Fields at their default are left out. Reading refuses what it does not know, unless the
 * sender lists the field's name in the array {@code optional} at the top of the document, and what
 * is larger than the given limit. Thread-safe.
 */
public final class SnapshotCodec {
  /** Largest document that is read, in bytes: some 50,000 endpoints. */
  public static final int MAX_BYTES = 32 * 1024 * 1024;

  private static final JsonTree JSON = JsonTree.limited(64, 1024 * 1024);

  private SnapshotCodec() {}

  /** Returns the snapshot as JSON in UTF-8. */
  public static byte[] write(Snapshot snapshot) {
    return JSON.bytes(SnapshotWriter.write(snapshot));
  }

  /** Returns the snapshot as a tree of maps, lists, texts, numbers and flags. */
  public static Map<String, Object> toMap(Snapshot snapshot) {
    return SnapshotWriter.write(snapshot);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException naming the field that is unknown or of the wrong type, or
   *     saying that the document is too large or is not JSON
   */
  public static Snapshot read(byte[] json) {
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "snapshot of " + json.length + " bytes is larger than " + MAX_BYTES);
    }
    try {
      return fromMap(JSON.read(json));
    } catch (IOException e) {
      throw new IllegalArgumentException("snapshot is not valid JSON: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a snapshot from a tree as {@link #toMap} returns it.
   *
   * @throws IllegalArgumentException naming the field that is unknown or of the wrong type
   */
  public static Snapshot fromMap(Map<?, ?> map) {
    return check(JsonObject.readAll(map, SnapshotReader::snapshot));
  }

  /** Returns the delta as JSON in UTF-8. */
  public static byte[] write(SnapshotDelta delta) {
    return JSON.bytes(delta.write());
  }

  /**
   * Reads a delta from a tree as {@link #write(SnapshotDelta)} writes it, as strictly as a
   * snapshot.
   *
   * @throws IllegalArgumentException naming the field that is unknown or of the wrong type
   */
  public static SnapshotDelta deltaFromMap(Map<?, ?> map) {
    return JsonObject.readAll(map, SnapshotDelta::read);
  }

  /**
   * Applies a delta that came.
   *
   * @param before the snapshot in force, null for none
   * @throws IllegalArgumentException when the delta was made from another, or what comes out is
   *     wrong
   */
  public static Snapshot apply(SnapshotDelta delta, @Nullable Snapshot before) {
    return check(delta.applyTo(before));
  }

  private static Snapshot check(Snapshot snapshot) {
    for (Service service : snapshot.services) {
      for (Endpoint endpoint : service.endpoints) {
        if (endpoint.mtls && endpoint.spiffeId == null) {
          throw new IllegalArgumentException(
              "endpoint " + endpoint.id + " of " + service.host + " is mtls without a spiffeId");
        }
        if (endpoint.port < 1 || endpoint.port > 65535 || endpoint.weight < 1) {
          throw new IllegalArgumentException(
              "endpoint " + endpoint.id + " of " + service.host + " has a bad port or weight");
        }
      }
      checkRoutes(service.host, service.routes);
    }
    return snapshot;
  }

  private static void checkRoutes(String host, List<Route> routes) {
    for (Route route : routes) {
      boolean answers = route.redirect != null || route.directResponse != null;
      if (route.backends.isEmpty() && route.fault == null && !answers) {
        throw new IllegalArgumentException(
            "route "
                + route.name
                + " of "
                + host
                + " has neither a backend, nor a fault or answer");
      }
    }
  }
}
