package dev.weft.analysis;

import java.util.List;
import java.util.stream.Collectors;

/**
 * IST0175: RequestAuthentications, and an istiod among the files that fetches keys from wherever
 * they say, private addresses included.
 */
final class KeyFetchAnalyzer implements Analysis.Analyzer {
  private static final String BLOCKED = "BLOCKED_CIDRS_IN_JWKS_URIS";
  private static final int SHOWN = 5;

  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    List<Document> policies = all.ofKind(Kinds.REQUEST_AUTHENTICATION);
    if (policies.isEmpty()) {
      return;
    }
    String names =
        policies.stream().limit(SHOWN).map(Document::fullName).collect(Collectors.joining(", "));
    for (Document deployment : all.ofKind(Kinds.DEPLOYMENT)) {
      if ("istiod".equals(deployment.labels().get("app")) && !blocks(deployment)) {
        findings.add(
            Finding.warning(
                "IST0175",
                deployment,
                deployment.spec(),
                BLOCKED
                    + " is not set on istiod, while "
                    + policies.size()
                    + " RequestAuthentication resources may have it fetch keys: "
                    + names));
      }
    }
  }

  private static boolean blocks(Document deployment) {
    for (Node container : deployment.spec().at("template", "spec", "containers").list()) {
      for (Node variable : container.get("env").list()) {
        if (variable.get("name").text().equals(BLOCKED)
            && !variable.get("value").text().isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }
}
