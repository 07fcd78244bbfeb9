package dev.weft.analysis;

import dev.weft.policy.resource.HostNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** IST0109: VirtualServices for callers in the mesh that are seen together and claim one host. */
final class HostConflictAnalyzer implements Analysis.Analyzer {
  private static final String EVERYWHERE = "*";

  /** A host as it is seen from a namespace, or from everywhere. */
  private record Scoped(String scope, String host) {}

  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    Map<Scoped, List<Document>> claims = new LinkedHashMap<>();
    for (Document service : all.ofKind(Kinds.VIRTUAL_SERVICE)) {
      List<String> gateways = service.spec().get("gateways").texts();
      if (gateways.isEmpty() || gateways.contains("mesh")) {
        for (String host : service.spec().get("hosts").texts()) {
          for (String scope :
              ServiceTable.scopes(service.spec().get("exportTo").texts(), service)) {
            claims
                .computeIfAbsent(new Scoped(scope, service.inFull(host)), key -> new ArrayList<>())
                .add(service);
          }
        }
      }
    }
    Set<Document> reported = new LinkedHashSet<>();
    claims.forEach(
        (claimed, services) -> {
          Set<Document> together = new LinkedHashSet<>(services);
          claims.forEach(
              (other, others) -> {
                if (!claimed.scope().equals(EVERYWHERE)
                    && other.scope().equals(EVERYWHERE)
                    && HostNames.overlap(other.host(), claimed.host())) {
                  together.addAll(others);
                }
              });
          if (together.size() > 1) {
            report(claimed, together, reported, findings);
          }
        });
  }

  private static void report(
      Scoped claimed, Set<Document> together, Set<Document> reported, List<Finding> findings) {
    String names =
        together.stream()
            .map(each -> each.namespace() + "/" + each.name())
            .collect(Collectors.joining(","));
    for (Document each : together) {
      if (reported.add(each)) {
        findings.add(
            Finding.error(
                "IST0109",
                each,
                each.spec().get("hosts"),
                "The VirtualServices "
                    + names
                    + " associated with mesh gateway define the same host "
                    + claimed.scope()
                    + "/"
                    + claimed.host()
                    + " which can lead to undefined behavior. This can be fixed by merging the"
                    + " conflicting VirtualServices into a single resource."));
      }
    }
  }
}
