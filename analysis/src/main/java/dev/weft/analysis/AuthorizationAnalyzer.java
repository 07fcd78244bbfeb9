package dev.weft.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * IST0127 and IST0101: an AuthorizationPolicy that holds for no workload, and one that names a
 * namespace or an authorizer that is not there. Each only where workloads, namespaces and the
 * settings of the mesh are known.
 */
final class AuthorizationAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    for (Document policy : all.ofKind(Kinds.AUTHORIZATION_POLICY)) {
      boolean attached =
          policy.spec().get("targetRef").exists() || policy.spec().get("targetRefs").exists();
      if (all.workloads().known() && !attached) {
        workloads(policy, all, findings);
      }
      if (all.meshConfig().isKnown() || all.workloads().known()) {
        provider(policy, all.meshConfig(), findings);
      }
      if (all.has(Kinds.NAMESPACE)) {
        namespaces(policy, all.ofKind(Kinds.NAMESPACE), findings);
      }
    }
  }

  private static void workloads(Document policy, DocumentSet all, List<Finding> findings) {
    Node selector = policy.spec().get("selector");
    boolean everywhere = policy.namespace().equals(all.meshConfig().rootNamespace());
    if (everywhere && !selector.exists()) {
      return;
    }
    Map<String, String> labels = selector.get("matchLabels").textMap();
    List<WorkloadTable.Workload> among =
        everywhere ? all.workloads().all() : all.workloads().in(policy.namespace());
    if (among.stream().noneMatch(each -> each.inMesh() && each.has(labels))) {
      String wanted =
          labels.entrySet().stream()
              .map(label -> label.getKey() + "=" + label.getValue())
              .collect(Collectors.joining(","));
      findings.add(
          Finding.warning(
              "IST0127",
              policy,
              selector.exists() ? selector : policy.root(),
              "No matching workloads for this resource with the following labels: " + wanted));
    }
  }

  /** Agents and proxies refuse all that such a policy matches. */
  private static void provider(Document policy, MeshConfig mesh, List<Finding> findings) {
    Node name = policy.spec().at("provider", "name");
    if (policy.spec().get("action").text().equals("CUSTOM")
        && !name.text().isEmpty()
        && !mesh.providers("envoyExtAuthzHttp").contains(name.text())
        && !mesh.providers("envoyExtAuthzGrpc").contains(name.text())) {
      findings.add(Finding.notFound(policy, name, "extension provider", name.text()));
    }
  }

  private static void namespaces(
      Document policy, List<Document> namespaces, List<Finding> findings) {
    for (Node rule : policy.spec().get("rules").list()) {
      for (Node from : rule.get("from").list()) {
        List<Node> named = new ArrayList<>(from.at("source", "namespaces").list());
        named.addAll(from.at("source", "notNamespaces").list());
        for (Node each : named) {
          if (namespaces.stream().noneMatch(known -> matches(each.text(), known.name()))) {
            findings.add(Finding.notFound(policy, each, "namespace", each.text()));
          }
        }
      }
    }
  }

  private static boolean matches(String pattern, String namespace) {
    if (pattern.startsWith("*")) {
      return namespace.endsWith(pattern.substring(1));
    }
    return pattern.endsWith("*")
        ? namespace.startsWith(pattern.substring(0, pattern.length() - 1))
        : namespace.toLowerCase(Locale.ROOT).equals(pattern.toLowerCase(Locale.ROOT));
  }
}
