package dev.weft.analysis;

import java.util.List;

/**
 * IST0101 and IST0112: a VirtualService sends to a host that is no service, to a port that the
 * service does not have, or to one with several ports and does not say which. Only where the
 * services are known.
 */
final class DestinationHostAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    if (!all.services().complete()) {
      return;
    }
    for (Document service : all.ofKind(Kinds.VIRTUAL_SERVICE)) {
      for (Destinations.Destination each : Destinations.of(service)) {
        check(service, each, all.services(), findings);
      }
    }
  }

  private static void check(
      Document service,
      Destinations.Destination destination,
      ServiceTable services,
      List<Finding> findings) {
    String host = destination.host().text();
    ServiceTable.Known known = services.find(host, service);
    if (known == null) {
      String what = destination.mirror() ? "mirror host" : "host";
      findings.add(Finding.notFound(service, destination.host(), what, host));
    } else if (!destination.port().isEmpty()) {
      if (!known.ports().isEmpty() && !known.ports().contains(destination.port())) {
        String wanted = host + ":" + destination.port();
        findings.add(
            Finding.notFound(service, destination.node().get("port"), "host:port", wanted));
      }
    } else if (known.ports().size() > 1) {
      findings.add(
          Finding.error(
              "IST0112",
              service,
              destination.host(),
              "This VirtualService routes to a service \""
                  + host
                  + "\" that exposes multiple ports "
                  + known.ports()
                  + ". Specifying a port in the destination is required to disambiguate."));
    }
  }
}
