package dev.weft.analysis;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** IST0101: a VirtualService sends to a subset that no DestinationRule of the host has. */
final class SubsetAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    Set<String> subsets = new HashSet<>();
    for (Document rule : all.ofKind(Kinds.DESTINATION_RULE)) {
      String host = rule.inFull(rule.spec().get("host").text());
      rule.spec()
          .get("subsets")
          .list()
          .forEach(s -> subsets.add(host + "+" + s.get("name").text()));
    }
    for (Document service : all.ofKind(Kinds.VIRTUAL_SERVICE)) {
      for (Destinations.Destination each : Destinations.of(service)) {
        String host = each.host().text();
        Node subset = each.node().get("subset");
        String wanted = service.inFull(host) + "+" + subset.text();
        if (!subset.text().isEmpty() && !subsets.contains(wanted)) {
          findings.add(
              Finding.notFound(
                  service,
                  subset,
                  (each.mirror() ? "mirror" : "host") + "+subset in destinationrule",
                  host + "+" + subset.text()));
        }
      }
    }
  }
}
