package dev.weft.controlserver.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.Table;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Identities no longer trusted although their certificates have not expired. Withdrawing one also
 * revokes its join tokens, so that it comes back only when an operator restores it and makes a new
 * token. Thread-safe: reads go to a copy that is replaced after the change is durable.
 */
public final class WithdrawnIdentities {
  private final MeshStore store;
  private final Clock clock;
  private volatile NavigableMap<String, Withdrawal> current;

  /** Why and since when (ISO 8601). */
  public record Withdrawal(String reason, String since) {}

  public WithdrawnIdentities(MeshStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    current = load(store.entries(Table.WITHDRAWN));
  }

  /** Whether that changed anything. */
  public boolean withdraw(WorkloadIdentity identity, String reason) {
    String uri = identity.uri();
    ObjectNode record = Json.object();
    record.put("reason", reason);
    record.put("since", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    boolean changed =
        store.write(
            tx -> {
              JoinTokens.revoke(tx, uri);
              if (tx.get(Table.WITHDRAWN, uri) != null) {
                return false;
              }
              tx.put(Table.WITHDRAWN, uri, Json.text(record));
              return true;
            });
    current = load(store.entries(Table.WITHDRAWN));
    return changed;
  }

  /** Whether it was withdrawn. */
  public boolean restore(WorkloadIdentity identity) {
    boolean changed = store.write(tx -> tx.remove(Table.WITHDRAWN, identity.uri()) != null);
    current = load(store.entries(Table.WITHDRAWN));
    return changed;
  }

  public boolean contains(WorkloadIdentity identity) {
    return current.containsKey(identity.uri());
  }

  /** All of them by SPIFFE ID, in order; immutable. */
  public Map<String, Withdrawal> all() {
    return current;
  }

  /** SPIFFE IDs in order, as snapshots carry them. */
  public List<String> uris() {
    return List.copyOf(current.keySet());
  }

  private static NavigableMap<String, Withdrawal> load(Map<String, String> records) {
    NavigableMap<String, Withdrawal> loaded = new TreeMap<>();
    records.forEach(
        (uri, text) -> {
          ObjectNode record = Json.readOwn(text);
          loaded.put(
              uri, new Withdrawal(record.path("reason").asText(), record.path("since").asText()));
        });
    return java.util.Collections.unmodifiableNavigableMap(loaded);
  }
}
