package dev.weft.analysis;

import java.util.List;

/** IST0171: a resource whose own status says that something about it is not so. */
final class ConditionAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    for (String kind : List.of(Kinds.SERVICE, Kinds.SERVICE_ENTRY, Kinds.AUTHORIZATION_POLICY)) {
      for (Document document : all.ofKind(kind)) {
        for (Node condition : document.root().at("status", "conditions").list()) {
          if (condition.get("status").text().equalsIgnoreCase("false")) {
            findings.add(
                Finding.warning(
                    "IST0171",
                    document,
                    condition,
                    "A condition with a negative status is present: type="
                        + condition.get("type").text()
                        + ", reason="
                        + condition.get("reason").text()
                        + ", message="
                        + condition.get("message").text()
                        + "."));
          }
        }
      }
    }
  }
}
