package dev.weft.controlserver.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which services an identity stands for, remembered when it joined. A certificate names a service
 * account; without this binding any holder of one could register itself as an endpoint of any
 * service. Thread-safe.
 */
public final class Workloads {
  private final MeshStore store;

  public Workloads(MeshStore store) {
    this.store = store;
  }

  /** A service known because one of its workloads joined, even when no instance of it is up. */
  public record KnownService(String namespace, String service) {}

  /** Whether {@code identity} joined as {@code service}. */
  public boolean standsFor(WorkloadIdentity identity, String service) {
    return services(store.get(Table.IDENTITIES, identity.uri())).contains(service);
  }

  /** All services anybody joined as. */
  public Set<KnownService> known() {
    Set<KnownService> known = new LinkedHashSet<>();
    for (Map.Entry<String, String> entry : store.entries(Table.IDENTITIES).entrySet()) {
      WorkloadIdentity.parse(entry.getKey())
          .ifPresent(
              identity ->
                  services(entry.getValue())
                      .forEach(
                          service -> known.add(new KnownService(identity.namespace(), service))));
    }
    return known;
  }

  /** Adds {@code service} to what {@code identity} stands for; whether that is new. */
  static boolean bind(MeshStore.Transaction tx, WorkloadIdentity identity, String service) {
    Set<String> services = new TreeSet<>(services(tx.get(Table.IDENTITIES, identity.uri())));
    if (!services.add(service)) {
      return false;
    }
    ObjectNode record = Json.object();
    ArrayNode names = record.putArray("services");
    services.forEach(names::add);
    tx.put(Table.IDENTITIES, identity.uri(), Json.text(record));
    return true;
  }

  private static List<String> services(@Nullable String record) {
    List<String> names = new ArrayList<>();
    if (record != null) {
      for (JsonNode name : Json.readOwn(record).path("services")) {
        names.add(name.asText());
      }
    }
    return names;
  }
}
