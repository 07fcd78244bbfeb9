package dev.weft.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * DestinationRules that select callers: those that select nobody (IST0101), and those for the same
 * host that select the same caller by different labels, of which only the oldest holds for it.
 * Where the documents do not say what runs, nothing is said.
 */
final class CallerSelectorAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    if (!all.workloads().known()) {
      return;
    }
    Map<String, List<Document>> selecting = new LinkedHashMap<>();
    for (Document rule : all.ofKind(Kinds.DESTINATION_RULE)) {
      Map<String, String> labels = labels(rule);
      if (labels.isEmpty()) {
        continue;
      }
      if (all.workloads().in(rule.namespace()).stream().noneMatch(each -> each.has(labels))) {
        List<String> wanted = new ArrayList<>();
        labels.forEach((key, value) -> wanted.add(key + "=" + value));
        findings.add(Finding.notFound(rule, selector(rule), "selector", String.join(",", wanted)));
      }
      String host = rule.namespace() + " " + rule.inFull(rule.spec().get("host").text());
      selecting.computeIfAbsent(host, key -> new ArrayList<>()).add(rule);
    }
    for (List<Document> rules : selecting.values()) {
      overlapping(rules, all.workloads(), findings);
    }
  }

  private static void overlapping(
      List<Document> rules, WorkloadTable workloads, List<Finding> findings) {
    for (Document rule : rules) {
      Set<String> others = new LinkedHashSet<>();
      for (Document other : rules) {
        if (!labels(other).equals(labels(rule)) && shareACaller(rule, other, workloads)) {
          others.add(other.name());
        }
      }
      if (!others.isEmpty()) {
        findings.add(
            Finding.warning(
                "",
                rule,
                selector(rule),
                "selects callers that "
                    + String.join(", ", others)
                    + " selects by other labels for the same host; for these the oldest rule holds"
                    + " alone"));
      }
    }
  }

  private static boolean shareACaller(Document one, Document other, WorkloadTable workloads) {
    return workloads.in(one.namespace()).stream()
        .anyMatch(each -> each.has(labels(one)) && each.has(labels(other)));
  }

  private static Map<String, String> labels(Document rule) {
    return selector(rule).textMap();
  }

  private static Node selector(Document rule) {
    return rule.spec().at("workloadSelector", "matchLabels");
  }
}
