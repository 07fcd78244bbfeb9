package dev.weft.analysis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * IST0140: a VirtualService that names gateways sends to a host without a subset, while another
 * sends that host's callers to one: requests through a gateway are routed once.
 */
final class IngressSubsetAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    Map<Document, Set<String>> subsets = new LinkedHashMap<>();
    for (Document service : all.ofKind(Kinds.VIRTUAL_SERVICE)) {
      List<String> hosts = service.spec().get("hosts").texts();
      for (Node destination : http(service)) {
        String host = destination.get("host").text();
        if (destination.get("subset").exists() && hosts.contains(host)) {
          subsets.computeIfAbsent(service, key -> new HashSet<>()).add(host);
        }
      }
    }
    for (Document service : all.ofKind(Kinds.VIRTUAL_SERVICE)) {
      if (service.spec().get("gateways").list().isEmpty()) {
        continue;
      }
      for (Node destination : http(service)) {
        String host = destination.get("host").text();
        if (!destination.get("subset").exists()) {
          subsets.forEach(
              (other, hosts) -> {
                if (hosts.contains(host)) {
                  findings.add(
                      Finding.warning(
                          "IST0140",
                          service,
                          destination,
                          "Subset in virtual service "
                              + other.fullName()
                              + " has no effect on ingress gateway "
                              + service.fullName()
                              + " requests"));
                }
              });
        }
      }
    }
  }

  private static List<Node> http(Document service) {
    List<Node> destinations = new ArrayList<>();
    for (Node rule : service.spec().get("http").list()) {
      rule.get("route").list().forEach(route -> destinations.add(route.get("destination")));
    }
    return destinations;
  }
}
