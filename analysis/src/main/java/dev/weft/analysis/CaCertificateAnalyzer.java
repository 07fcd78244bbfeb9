package dev.weft.analysis;

import java.util.List;

/**
 * IST0128 and IST0129: a DestinationRule begins TLS and does not say who vouches for the server. As
 * in Istio today the authorities that the caller's machine trusts do then.
 */
final class CaCertificateAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    for (Document rule : all.ofKind(Kinds.DESTINATION_RULE)) {
      Node policy = rule.spec().get("trafficPolicy");
      check(rule, "IST0128", policy.get("tls"), "", findings);
      for (Node port : policy.get("portLevelSettings").list()) {
        String which = " at port " + port.at("port", "number").text();
        check(rule, "IST0129", port.get("tls"), which, findings);
      }
    }
  }

  private static void check(
      Document rule, String code, Node tls, String which, List<Finding> findings) {
    Node mode = tls.get("mode");
    boolean verified =
        !tls.get("caCertificates").text().isEmpty()
            || (!tls.get("credentialName").text().isEmpty()
                && rule.spec().get("workloadSelector").exists());
    if (List.of("SIMPLE", "MUTUAL").contains(mode.text()) && !verified) {
      findings.add(
          Finding.warning(
              code,
              rule,
              mode,
              "DestinationRule "
                  + rule.name()
                  + " in namespace "
                  + rule.namespace()
                  + " has TLS mode set to "
                  + mode.text()
                  + " but no caCertificates are set to validate server identity for host: "
                  + rule.spec().get("host").text()
                  + which
                  + (tls.get("insecureSkipVerify").text().equals("true")
                      ? "; insecureSkipVerify takes any server"
                      : "; the authorities that the caller's JVM trusts do")));
    }
  }
}
