package dev.weft.meshctl.analyze;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Of resources that pick workloads and of which a workload may have one: those that pick nobody
 * (IST0101), those that pick the same, and several for all of a namespace. Workloads are the Pods
 * in the files; without any, nothing is said about who is picked, since a mesh without Kubernetes
 * has none to show.
 */
final class SelectorAnalyzer implements Analysis.Analyzer {
  static final SelectorAnalyzer OF_SIDECARS =
      new SelectorAnalyzer(
          "Sidecar", new String[] {"workloadSelector", "labels"}, "IST0110", "IST0111");

  static final SelectorAnalyzer OF_TELEMETRY =
      new SelectorAnalyzer(
          "Telemetry", new String[] {"selector", "matchLabels"}, "IST0159", "IST0160");

  private final String kind;
  private final String[] selector;
  private final String sameWorkload;
  private final String sameNamespace;

  private SelectorAnalyzer(
      String kind, String[] selector, String sameWorkload, String sameNamespace) {
    this.kind = kind;
    this.selector = selector;
    this.sameWorkload = sameWorkload;
    this.sameNamespace = sameNamespace;
  }

  @Override
  public void analyze(List<Document> all, List<Finding> findings) {
    List<Document> pods = Analysis.ofKind(all, "Pod");
    Map<String, List<Document>> forAll = new TreeMap<>();
    List<Document> picking = new ArrayList<>();
    for (Document each : Analysis.ofKind(all, kind)) {
      if (labels(each).isEmpty()) {
        forAll.computeIfAbsent(each.namespace(), key -> new ArrayList<>()).add(each);
      } else {
        picking.add(each);
      }
    }
    forAll.values().stream()
        .filter(several -> several.size() > 1)
        .forEach(several -> several.forEach(each -> findings.add(several(each, several))));
    if (!pods.isEmpty()) {
      picked(picking, pods, findings);
    }
  }

  private void picked(List<Document> picking, List<Document> pods, List<Finding> findings) {
    Set<Document> used = new LinkedHashSet<>();
    Set<Document> conflicting = new LinkedHashSet<>();
    for (Document pod : pods) {
      List<Document> by = picking.stream().filter(each -> picks(each, pod)).toList();
      used.addAll(by);
      for (Document each : by.size() > 1 ? by : List.<Document>of()) {
        if (conflicting.add(each)) {
          findings.add(
              Finding.error(
                  sameWorkload,
                  each,
                  each.spec().at(selector),
                  "The "
                      + kind
                      + " resources "
                      + names(by)
                      + " in namespace \""
                      + each.namespace()
                      + "\" select the same workload pod \""
                      + pod.name()
                      + "\", which can lead to undefined behavior."));
        }
      }
    }
    for (Document each : picking) {
      if (!used.contains(each)) {
        String wanted =
            labels(each).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
        findings.add(
            Finding.error(
                "IST0101",
                each,
                each.spec().at(selector),
                "Referenced selector not found: \"" + wanted + "\""));
      }
    }
  }

  private Finding several(Document each, List<Document> several) {
    return Finding.error(
        sameNamespace,
        each,
        each.spec(),
        "The "
            + kind
            + " resources "
            + names(several)
            + " in namespace \""
            + each.namespace()
            + "\" have no workload selector, which can lead to undefined behavior.");
  }

  private static String names(List<Document> documents) {
    return documents.stream().map(Document::name).toList().toString();
  }

  private boolean picks(Document each, Document pod) {
    return each.namespace().equals(pod.namespace())
        && pod.root()
            .at("metadata", "labels")
            .textMap()
            .entrySet()
            .containsAll(labels(each).entrySet());
  }

  private Map<String, String> labels(Document each) {
    return each.spec().at(selector).textMap();
  }
}
