package dev.weft.analysis;

import java.util.List;
import java.util.Set;

/** IST0002: fields that Istio has replaced or takes no notice of. */
final class DeprecationAnalyzer implements Analysis.Analyzer {
  /** Kinds that AuthorizationPolicy took the place of. */
  private static final Set<String> REMOVED =
      Set.of("ClusterRbacConfig", "RbacConfig", "ServiceRole", "ServiceRoleBinding");

  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    for (Document service : all.ofKind(Kinds.VIRTUAL_SERVICE)) {
      for (Node rule : service.spec().get("http").list()) {
        Node percent = rule.at("fault", "delay", "percent");
        if (percent.exists() && !percent.text().equals("0")) {
          findings.add(
              Finding.deprecated(
                  service,
                  percent,
                  "HTTPRoute.fault.delay.percent is deprecated; use"
                      + " HTTPRoute.fault.delay.percentage"));
        }
      }
    }
    for (Document definition : all.ofKind(Kinds.RESOURCE_DEFINITION)) {
      Node spec = definition.spec();
      String kind = spec.at("names", "kind").text();
      if (spec.get("group").text().equals("rbac.istio.io") && REMOVED.contains(kind)) {
        findings.add(
            Finding.deprecated(
                definition, spec, "Custom resource type rbac.istio.io " + kind + " is removed"));
      }
    }
    for (Document sidecar : all.ofKind(Kinds.SIDECAR)) {
      Node proxy = sidecar.spec().at("outboundTrafficPolicy", "egressProxy");
      if (proxy.exists()) {
        findings.add(
            Finding.deprecated(sidecar, proxy, "OutboundTrafficPolicy.EgressProxy ignored"));
      }
    }
  }
}
