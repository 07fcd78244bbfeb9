package dev.weft.meshctl.analyze;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** IST0101: a VirtualService sends to a subset that no DestinationRule of the host has. */
final class SubsetAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(List<Document> all, List<Finding> findings) {
    Set<String> subsets = new HashSet<>();
    for (Document rule : Analysis.ofKind(all, "DestinationRule")) {
      String host = rule.inFull(rule.spec().get("host").text());
      rule.spec()
          .get("subsets")
          .list()
          .forEach(s -> subsets.add(host + "+" + s.get("name").text()));
    }
    for (Document service : Analysis.ofKind(all, "VirtualService")) {
      for (String protocol : List.of("http", "tcp", "tls")) {
        for (Node route : service.spec().get(protocol).list()) {
          for (Node backend : route.get("route").list()) {
            check(service, backend.get("destination"), subsets, findings);
          }
          check(service, route.get("mirror"), subsets, findings);
          for (Node mirror : route.get("mirrors").list()) {
            check(service, mirror.get("destination"), subsets, findings);
          }
        }
      }
    }
  }

  private static void check(
      Document service, Node destination, Set<String> subsets, List<Finding> findings) {
    String host = destination.get("host").text();
    Node subset = destination.get("subset");
    if (!subset.text().isEmpty() && !subsets.contains(service.inFull(host) + "+" + subset.text())) {
      findings.add(
          Finding.error(
              "IST0101",
              service,
              subset,
              "Referenced host+subset in destinationrule not found: \""
                  + host
                  + "+"
                  + subset.text()
                  + "\""));
    }
  }
}
