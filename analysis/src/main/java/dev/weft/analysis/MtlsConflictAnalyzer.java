package dev.weft.analysis;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * IST0113: a DestinationRule whose TLS mode the called side will not take: plaintext where
 * PeerAuthentication says STRICT, mTLS where it says DISABLE. Looked at is what holds for a whole
 * namespace or the mesh, for what single workloads or ports say is told apart by no host.
 */
final class MtlsConflictAnalyzer implements Analysis.Analyzer {
  private static final Map<String, String> REFUSED_BY =
      Map.of("DISABLE", "STRICT", "ISTIO_MUTUAL", "DISABLE");

  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    for (Document rule : all.ofKind(Kinds.DESTINATION_RULE)) {
      Node mode = rule.spec().at("trafficPolicy", "tls", "mode");
      String refusedBy = REFUSED_BY.get(mode.text());
      String host = rule.inFull(rule.spec().get("host").text());
      String suffix = ".svc." + rule.domain();
      if (refusedBy == null || host.startsWith("*") || !host.endsWith(suffix)) {
        continue;
      }
      String service = host.substring(0, host.length() - suffix.length());
      String namespace = service.substring(service.indexOf('.') + 1);
      Document policy = policy(all, namespace);
      if (policy != null && mode(policy).equals(refusedBy)) {
        String message =
            "A DestinationRule and Policy are in conflict with regards to mTLS for host %s. The"
                + " DestinationRule \"%s\" specifies that mTLS must be %s but the Policy object"
                + " \"%s\" specifies %s.";
        findings.add(
            Finding.error(
                "IST0113",
                rule,
                mode,
                message.formatted(
                    host,
                    rule.fullName(),
                    mode.text().equals("ISTIO_MUTUAL"),
                    policy.fullName(),
                    refusedBy)));
      }
    }
  }

  /** That of the namespace before that of the mesh. */
  private static @Nullable Document policy(DocumentSet all, String namespace) {
    Document ofMesh = null;
    for (Document policy : all.ofKind(Kinds.PEER_AUTHENTICATION)) {
      boolean picks = !policy.spec().at("selector", "matchLabels").fields().isEmpty();
      if (picks || mode(policy).isEmpty() || mode(policy).equals("UNSET")) {
        continue;
      }
      if (policy.namespace().equals(namespace)) {
        return policy;
      }
      if (policy.namespace().equals(all.meshConfig().rootNamespace())) {
        ofMesh = policy;
      }
    }
    return ofMesh;
  }

  private static String mode(Document policy) {
    return policy.spec().at("mtls", "mode").text();
  }
}
