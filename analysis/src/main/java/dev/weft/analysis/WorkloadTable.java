package dev.weft.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs: Pods, templates of Pods, workloads outside of Kubernetes, and instances of the mesh,
 * which come as Pods. Immutable.
 *
 * @param all every one of them
 * @param endpoints that ServiceEntries list by themselves: subsets pick them, selectors do not
 * @param known whether the documents say what runs, so that a selector that picks nothing is wrong
 */
record WorkloadTable(List<Workload> all, List<Workload> endpoints, boolean known) {
  private static final String INJECT = "sidecar.istio.io/inject";

  /**
   * One workload.
   *
   * @param labels its own, and those of the node that it is on
   * @param inMesh whether it is part of the mesh, as far as documents say
   */
  record Workload(Document document, String namespace, Map<String, String> labels, boolean inMesh) {
    boolean has(Map<String, String> wanted) {
      return labels.entrySet().containsAll(wanted.entrySet());
    }

    String name() {
      return document.name();
    }
  }

  static WorkloadTable of(DocumentSet documents) {
    boolean told = tellsWhoIsInTheMesh(documents);
    List<Workload> all = new ArrayList<>();
    for (Document pod : documents.ofKind(Kinds.POD)) {
      all.add(workload(pod, pod.root(), pod.spec(), documents, told));
    }
    for (String maker : Kinds.POD_MAKERS) {
      for (Document document : documents.ofKind(maker)) {
        Node template = document.spec().get("template");
        all.add(workload(document, template, template.get("spec"), documents, told));
      }
    }
    boolean known = !all.isEmpty();
    for (Document entry : documents.ofKind(Kinds.WORKLOAD_ENTRY)) {
      Map<String, String> labels = new LinkedHashMap<>(entry.labels());
      labels.putAll(entry.spec().get("labels").textMap());
      all.add(new Workload(entry, entry.namespace(), labels, true));
    }
    List<Workload> endpoints = new ArrayList<>();
    for (Document entry : documents.ofKind(Kinds.SERVICE_ENTRY)) {
      for (Node endpoint : entry.spec().get("endpoints").list()) {
        Map<String, String> labels = endpoint.get("labels").textMap();
        endpoints.add(new Workload(entry, entry.namespace(), labels, false));
      }
    }
    return new WorkloadTable(List.copyOf(all), List.copyOf(endpoints), known);
  }

  private static Workload workload(
      Document document, Node template, Node spec, DocumentSet documents, boolean told) {
    Map<String, String> own = template.at("metadata", "labels").textMap();
    Map<String, String> annotations = template.at("metadata", "annotations").textMap();
    boolean inMesh = !told || isInMesh(document, own, annotations, spec, documents);
    Map<String, String> labels = new LinkedHashMap<>(own);
    addPlace(spec.get("nodeName").text(), documents, labels);
    return new Workload(document, document.namespace(), labels, inMesh);
  }

  /** Labels by which Istio tells where a workload runs. */
  private static void addPlace(String node, DocumentSet documents, Map<String, String> labels) {
    for (Document each : documents.ofKind(Kinds.NODE)) {
      if (each.name().equals(node)) {
        each.labels()
            .forEach(
                (key, value) -> {
                  if (key.startsWith("topology.")) {
                    labels.put(key, value);
                  }
                });
        labels.put("kubernetes.io/hostname", node);
      }
    }
  }

  /** Istio's rule, of sidecars: the Pod's own word, then that of its namespace. */
  private static boolean isInMesh(
      Document document,
      Map<String, String> labels,
      Map<String, String> annotations,
      Node spec,
      DocumentSet documents) {
    if (hasProxy(spec)) {
      return true;
    }
    String word = labels.getOrDefault(INJECT, annotations.get(INJECT));
    if (word != null) {
      return word.equals("true");
    }
    for (Document namespace : documents.ofKind(Kinds.NAMESPACE)) {
      if (namespace.name().equals(document.namespace())) {
        return "enabled".equals(namespace.labels().get("istio-injection"));
      }
    }
    return false;
  }

  /** Where no document says it as Istio has it said, everything is taken to be in the mesh. */
  private static boolean tellsWhoIsInTheMesh(DocumentSet documents) {
    for (Document namespace : documents.ofKind(Kinds.NAMESPACE)) {
      if (namespace.labels().containsKey("istio-injection")) {
        return true;
      }
    }
    for (Document pod : documents.ofKind(Kinds.POD)) {
      if (hasProxy(pod.spec())
          || pod.labels().containsKey(INJECT)
          || pod.annotations().containsKey(INJECT)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasProxy(Node spec) {
    for (String containers : List.of("containers", "initContainers")) {
      for (Node container : spec.get(containers).list()) {
        if (container.get("name").text().equals("istio-proxy")) {
          return true;
        }
      }
    }
    return false;
  }

  List<Workload> in(String namespace) {
    return all.stream().filter(each -> each.namespace().equals(namespace)).toList();
  }
}
