package dev.weft.analysis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** IST0177: ServiceEntries that are seen together give one port of a host several protocols. */
final class ProtocolConflictAnalyzer implements Analysis.Analyzer {
  private static final String EVERYWHERE = "*";

  private record Scoped(String scope, String host, String port) {}

  private record Claim(Document entry, String protocol) {}

  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    Map<Scoped, List<Claim>> claims = new LinkedHashMap<>();
    for (Document entry : all.ofKind(Kinds.SERVICE_ENTRY)) {
      Node spec = entry.spec();
      for (String scope : ServiceTable.scopes(spec.get("exportTo").texts(), entry)) {
        for (String host : spec.get("hosts").texts()) {
          for (Node port : spec.get("ports").list()) {
            String protocol = port.get("protocol").text().toUpperCase(Locale.ROOT);
            claims
                .computeIfAbsent(
                    new Scoped(scope, host, port.get("number").text()), key -> new ArrayList<>())
                .add(new Claim(entry, protocol));
          }
        }
      }
    }
    Set<Document> reported = new HashSet<>();
    claims.forEach(
        (scoped, own) -> {
          List<Claim> together = new ArrayList<>(own);
          if (!scoped.scope().equals(EVERYWHERE)) {
            Scoped shared = new Scoped(EVERYWHERE, scoped.host(), scoped.port());
            together.addAll(claims.getOrDefault(shared, List.of()));
          }
          report(scoped, together, reported, findings);
        });
  }

  private static void report(
      Scoped scoped, List<Claim> together, Set<Document> reported, List<Finding> findings) {
    Set<String> protocols = new TreeSet<>();
    Set<String> names = new TreeSet<>();
    for (Claim claim : together) {
      protocols.add(claim.protocol());
      names.add(claim.entry().fullName());
    }
    if (protocols.size() < 2) {
      return;
    }
    for (Claim claim : together) {
      if (reported.add(claim.entry())) {
        findings.add(
            Finding.warning(
                "IST0177",
                claim.entry(),
                claim.entry().spec().get("ports"),
                "Multiple ServiceEntries ("
                    + String.join(", ", names)
                    + ") define the same host \""
                    + scoped.host()
                    + "\" and port "
                    + scoped.port()
                    + " with conflicting protocols ("
                    + String.join(", ", protocols)
                    + ")."));
      }
    }
  }
}
