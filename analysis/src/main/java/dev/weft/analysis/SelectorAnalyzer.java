package dev.weft.analysis;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Of resources that pick workloads and of which a workload may have one: those that pick nobody
 * (IST0101), those that pick the same, and several for all of a namespace. Where the documents do
 * not say what runs, nothing is said about who is picked. Of Sidecars where Istio has none, in
 * ambient mode, that alone is said (IST0167).
 */
final class SelectorAnalyzer implements Analysis.Analyzer {
  static final SelectorAnalyzer OF_SIDECARS =
      new SelectorAnalyzer(
          Kinds.SIDECAR, new String[] {"workloadSelector", "labels"}, "IST0110", "IST0111");

  static final SelectorAnalyzer OF_TELEMETRY =
      new SelectorAnalyzer(
          Kinds.TELEMETRY, new String[] {"selector", "matchLabels"}, "IST0159", "IST0160");

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
  public void analyze(DocumentSet all, List<Finding> findings) {
    Map<String, List<Document>> forAll = new TreeMap<>();
    List<Document> picking = new ArrayList<>();
    for (Document each : all.ofKind(kind)) {
      if (labels(each).isEmpty()) {
        if (each.spec().get(selector[0]).exists()
            || each.spec().get("targetRef").exists()
            || each.spec().get("targetRefs").exists()) {
          continue;
        }
        forAll.computeIfAbsent(each.namespace(), key -> new ArrayList<>()).add(each);
      } else {
        picking.add(each);
      }
    }
    forAll.forEach(
        (namespace, several) -> {
          boolean ambient = kind.equals(Kinds.SIDECAR) && Ambient.covers(all, namespace);
          for (Document each : ambient || several.size() > 1 ? several : List.<Document>of()) {
            findings.add(ambient ? Ambient.ineffective(each, "namespace") : several(each, several));
          }
        });
    if (all.workloads().known()) {
      picked(picking, all.workloads().all(), findings);
    }
  }

  private void picked(
      List<Document> picking, List<WorkloadTable.Workload> workloads, List<Finding> findings) {
    Set<Document> used = new LinkedHashSet<>();
    Set<Document> conflicting = new LinkedHashSet<>();
    for (WorkloadTable.Workload workload : workloads) {
      List<Document> by = picking.stream().filter(each -> picks(each, workload)).toList();
      used.addAll(by);
      if (kind.equals(Kinds.SIDECAR) && Ambient.covers(workload.document())) {
        by.stream()
            .filter(conflicting::add)
            .forEach(each -> findings.add(Ambient.ineffective(each, "selected workload")));
        continue;
      }
      for (Document each : by.size() > 1 ? by : List.<Document>of()) {
        if (conflicting.add(each)) {
          findings.add(
              Finding.error(
                  sameWorkload,
                  each,
                  each.spec().at(selector),
                  "The "
                      + each.shortKind()
                      + " resources "
                      + names(by)
                      + " in namespace \""
                      + each.namespace()
                      + "\" select the same workload pod \""
                      + workload.name()
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
        findings.add(Finding.notFound(each, each.spec().at(selector), "selector", wanted));
      }
    }
  }

  private Finding several(Document each, List<Document> several) {
    return Finding.error(
        sameNamespace,
        each,
        each.spec(),
        "The "
            + each.shortKind()
            + " resources "
            + names(several)
            + " in namespace \""
            + each.namespace()
            + "\" have no workload selector, which can lead to undefined behavior.");
  }

  private static String names(List<Document> documents) {
    return documents.stream().map(Document::name).toList().toString();
  }

  private boolean picks(Document each, WorkloadTable.Workload workload) {
    return each.namespace().equals(workload.namespace()) && workload.has(labels(each));
  }

  private Map<String, String> labels(Document each) {
    return each.spec().at(selector).textMap();
  }
}
