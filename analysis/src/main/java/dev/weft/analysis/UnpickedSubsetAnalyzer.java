package dev.weft.analysis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * IST0173 and IST0174: a subset of a DestinationRule that picks no workload, and a DestinationRule
 * for a host that is no service. Only where the services are known.
 */
final class UnpickedSubsetAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    if (!all.services().complete()) {
      return;
    }
    for (Document rule : all.ofKind(Kinds.DESTINATION_RULE)) {
      Node host = rule.spec().get("host");
      ServiceTable.Known service = all.services().find(host.text(), rule);
      if (service == null) {
        findings.add(
            Finding.warning(
                "IST0174",
                rule,
                host,
                "The host "
                    + host.text()
                    + " defined in the DestinationRule does not match any services in the mesh."));
      } else {
        subsets(rule, service, all.workloads(), findings);
      }
    }
  }

  private static void subsets(
      Document rule, ServiceTable.Known service, WorkloadTable workloads, List<Finding> findings) {
    for (Node subset : rule.spec().get("subsets").list()) {
      Map<String, String> wanted = new LinkedHashMap<>(service.selector());
      wanted.putAll(subset.get("labels").textMap());
      boolean picked =
          workloads.all().stream().anyMatch(each -> each.has(wanted))
              || workloads.endpoints().stream().anyMatch(each -> each.has(wanted));
      if (!picked) {
        findings.add(
            Finding.error(
                "IST0173",
                rule,
                subset,
                "The Subset "
                    + subset.get("name").text()
                    + " defined in the DestinationRule does not select any pods. Which may lead"
                    + " to 503 UH (NoHealthyUpstream)."));
      }
    }
  }
}
