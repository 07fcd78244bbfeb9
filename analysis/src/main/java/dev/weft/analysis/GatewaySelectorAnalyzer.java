package dev.weft.analysis;

import java.util.List;
import java.util.Map;

/** IST0166: a policy that picks workloads of a Kubernetes gateway by labels, which does nothing. */
final class GatewaySelectorAnalyzer implements Analysis.Analyzer {
  private static final String GATEWAY = "gateway.networking.k8s.io/gateway-name";

  private static final List<String> POLICIES =
      List.of(
          Kinds.AUTHORIZATION_POLICY,
          Kinds.REQUEST_AUTHENTICATION,
          Kinds.TELEMETRY,
          Kinds.WASM_PLUGIN);

  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    for (String kind : POLICIES) {
      for (Document policy : all.ofKind(kind)) {
        Node selector = policy.spec().get("selector");
        if (!selector.exists() || policy.spec().get("targetRef").exists()) {
          continue;
        }
        Map<String, String> wanted = selector.get("matchLabels").textMap();
        for (WorkloadTable.Workload workload : all.workloads().in(policy.namespace())) {
          String gateway = workload.labels().get(GATEWAY);
          if (gateway != null && workload.has(wanted)) {
            findings.add(
                Finding.warning(
                    "IST0166",
                    policy,
                    selector,
                    "Ineffective selector on Kubernetes Gateway "
                        + gateway
                        + ". Use the TargetRef field instead."));
          }
        }
      }
    }
  }
}
