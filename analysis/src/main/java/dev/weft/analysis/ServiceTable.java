package dev.weft.analysis;

import dev.weft.policy.resource.HostNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The services that can be called, by host, and from where each is seen. Immutable. */
final class ServiceTable {
  private static final String EVERYWHERE = "*";

  /** A service by one of its hosts; ports are empty where they are not known. */
  record Known(Document document, List<String> ports, Map<String, String> selector) {}

  private record Scoped(String scope, String host) {}

  private final Map<Scoped, Known> table = new LinkedHashMap<>();
  private final boolean complete;

  private ServiceTable(boolean complete) {
    this.complete = complete;
  }

  static ServiceTable of(DocumentSet all) {
    ServiceTable services = new ServiceTable(all.has(Kinds.SERVICE));
    for (Document entry : all.ofKind(Kinds.SERVICE_ENTRY)) {
      Known known =
          new Known(
              entry,
              ports(entry, "number"),
              entry.spec().at("workloadSelector", "labels").textMap());
      for (String host : entry.spec().get("hosts").texts()) {
        services.add(scopes(entry.spec().get("exportTo").texts(), entry), host, known);
      }
    }
    for (Document service : all.ofKind(Kinds.SERVICE)) {
      String exported = service.annotations().getOrDefault("networking.istio.io/exportTo", "");
      List<String> exportTo = exported.isEmpty() ? List.of() : List.of(exported.split(","));
      Known known = new Known(service, ports(service, "port"), Map.of());
      services.add(scopes(exportTo, service), service.name(), known);
      if (!service.inFile()) {
        // Beyond Istio callers in the mesh may leave out the rest of the name.
        services.add(scopes(exportTo, service), service.name() + "." + service.namespace(), known);
      }
    }
    return services;
  }

  /**
   * The namespaces that a resource is seen from: itself, others, or {@code *} for all.
   *
   * @param exportTo as written, with {@code .} for its own
   */
  static Set<String> scopes(List<String> exportTo, Document document) {
    Set<String> scopes = new TreeSet<>();
    for (String each : exportTo) {
      scopes.add(each.trim().equals(".") ? document.namespace() : each.trim());
    }
    return scopes.isEmpty() || scopes.contains(EVERYWHERE) ? Set.of(EVERYWHERE) : scopes;
  }

  private static List<String> ports(Document document, String field) {
    List<String> ports = new ArrayList<>();
    document.spec().get("ports").list().forEach(port -> ports.add(port.get(field).text()));
    return ports;
  }

  private void add(Set<String> scopes, String host, Known known) {
    for (String scope : scopes) {
      table.put(new Scoped(scope, known.document().inFull(host)), known);
    }
  }

  /**
   * Whether a host that is not here is nowhere: not so for policy files by themselves, which are
   * about services that stand elsewhere.
   */
  boolean complete() {
    return complete;
  }

  /** The service that a resource means by a host, or null when it sees none. */
  @Nullable Known find(String host, Document from) {
    String full = from.inFull(host);
    Known found = table.get(new Scoped(EVERYWHERE, full));
    List<String> exportTo = from.spec().get("exportTo").texts();
    for (String scope : exportTo.isEmpty() ? List.of(".") : exportTo) {
      String namespace = scope.equals(".") ? from.namespace() : scope;
      found = found == null ? table.get(new Scoped(namespace, full)) : found;
    }
    if (found != null) {
      return found;
    }
    for (Map.Entry<Scoped, Known> entry : table.entrySet()) {
      String scope = entry.getKey().scope();
      boolean seen = scope.equals(EVERYWHERE) || scope.equals(from.namespace());
      if (seen && isWildcard(entry.getKey().host(), full)) {
        return entry.getValue();
      }
    }
    return null;
  }

  private static boolean isWildcard(String known, String wanted) {
    return (known.startsWith(EVERYWHERE) || wanted.startsWith(EVERYWHERE))
        && HostNames.overlap(known, wanted);
  }
}
