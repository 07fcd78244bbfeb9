package dev.weft.controlserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.Table;
import dev.weft.policy.InstanceReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps the live instances across a restart. Without it a restarted server would know of nobody and
 * push empty endpoint sets until every agent has found its way back. Not thread-safe: {@link #save}
 * is for one background thread.
 */
public final class InstanceMemory {
  private final MeshStore store;
  private Map<String, String> saved;

  public InstanceMemory(MeshStore store) {
    this.store = store;
    saved = store.entries(Table.ENDPOINTS);
  }

  /** Puts what was saved into {@code registry}, each for {@code grace}; how many. */
  public int restore(Registry registry, Duration grace, Instant now) {
    int restored = 0;
    for (Map.Entry<String, String> entry : saved.entrySet()) {
      ObjectNode record = Json.readOwn(entry.getValue());
      WorkloadIdentity identity =
          WorkloadIdentity.parse(record.path("identity").asText()).orElse(null);
      if (identity != null) {
        InstanceReport report =
            InstanceReport.fromJson(
                record.path("report").toString().getBytes(StandardCharsets.UTF_8));
        registry.remember(entry.getKey(), identity, report, now, grace);
        restored++;
      }
    }
    return restored;
  }

  /** Saves the live instances of {@code registry}; writes only what differs from the last time. */
  public void save(Registry registry) {
    Map<String, String> now = new HashMap<>();
    for (RegisteredInstance instance : registry.live()) {
      ObjectNode record = Json.object();
      record.put("identity", instance.identity().uri());
      // What changes with every report is left out: an instance is written when it comes, changes
      // or goes.
      InstanceReport lasting =
          instance.report().toBuilder()
              .snapshotVersion(0)
              .snapshotError(null)
              .certificateNotAfter(null)
              .build();
      record.set("report", Json.tree(lasting.toMap()));
      now.put(instance.id(), Json.text(record));
    }
    if (now.equals(saved)) {
      return;
    }
    store.write(
        tx -> {
          saved.keySet().stream()
              .filter(id -> !now.containsKey(id))
              .forEach(id -> tx.remove(Table.ENDPOINTS, id));
          now.forEach(
              (id, text) -> {
                if (!text.equals(saved.get(id))) {
                  tx.put(Table.ENDPOINTS, id, text);
                }
              });
          return now.size();
        });
    saved = now;
  }
}
