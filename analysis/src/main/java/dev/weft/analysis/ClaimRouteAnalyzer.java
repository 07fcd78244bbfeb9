package dev.weft.analysis;

import java.util.List;
import java.util.Map;

/**
 * IST0149: a VirtualService of a gateway looks at claims of a JWT, and no RequestAuthentication
 * checks tokens at the gateway's workloads.
 */
final class ClaimRouteAnalyzer implements Analysis.Analyzer {
  private static final String CLAIM = "@request.auth.claims";

  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    for (Document service : all.ofKind(Kinds.VIRTUAL_SERVICE)) {
      String key = claim(service);
      for (Node gateway : key.isEmpty() ? List.<Node>of() : service.spec().get("gateways").list()) {
        int slash = gateway.text().indexOf('/');
        String namespace = slash < 0 ? service.namespace() : gateway.text().substring(0, slash);
        Document found = all.find(Kinds.GATEWAY, namespace, gateway.text().substring(slash + 1));
        if (found != null) {
          check(service, gateway, key, found, all, findings);
        }
      }
    }
  }

  private static void check(
      Document service,
      Node where,
      String key,
      Document gateway,
      DocumentSet all,
      List<Finding> findings) {
    Map<String, String> selector = gateway.spec().get("selector").textMap();
    for (WorkloadTable.Workload workload : all.workloads().all()) {
      if (workload.has(selector) && !isAuthenticated(workload, all)) {
        findings.add(
            Finding.error(
                "IST0149",
                service,
                where,
                "The virtual service uses the JWT claim based routing (key: "
                    + key
                    + ") but found no request authentication for the gateway ("
                    + gateway.fullName()
                    + ") pod ("
                    + workload.name()
                    + "). The request authentication must first be applied for the gateway pods to"
                    + " validate the JWT token and make the claims available for routing."));
      }
    }
  }

  private static boolean isAuthenticated(WorkloadTable.Workload workload, DocumentSet all) {
    String root = all.meshConfig().rootNamespace();
    return all.ofKind(Kinds.REQUEST_AUTHENTICATION).stream()
        .filter(
            each -> each.namespace().equals(root) || each.namespace().equals(workload.namespace()))
        .anyMatch(each -> workload.has(each.spec().at("selector", "matchLabels").textMap()));
  }

  private static String claim(Document service) {
    for (Node rule : service.spec().get("http").list()) {
      for (Node match : rule.get("match").list()) {
        for (String headers : List.of("headers", "withoutHeaders")) {
          for (String name : match.get(headers).fields()) {
            if (name.startsWith(CLAIM)) {
              return name;
            }
          }
        }
      }
    }
    return "";
  }
}
