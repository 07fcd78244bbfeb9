package dev.weft.controlserver.analysis;

import dev.weft.analysis.Analysis;
import dev.weft.analysis.Defaults;
import dev.weft.analysis.Document;
import dev.weft.analysis.Finding;
import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.document.Mark;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import dev.weft.policy.resource.WorkloadGroupSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What analysis finds in the policy in force, given the services and instances that there are.
 * Thread-safe. It works when somebody asks, once for each version of the mesh.
 */
public final class MeshAnalysis {
  private final Mesh mesh;
  private @Nullable Found found;

  private record Found(long version, String epoch, Findings findings) {}

  /** What was found in one version of the mesh. Immutable. */
  public record Findings(Map<String, List<Finding>> byReference) {
    /** The findings about a resource in force. */
    public List<Finding> about(Resource resource) {
      return byReference.getOrDefault(reference(resource), List.of());
    }

    private static String reference(Resource resource) {
      return resource.kind().kind() + " " + resource.namespace() + "/" + resource.name();
    }
  }

  public MeshAnalysis(Mesh mesh) {
    this.mesh = mesh;
  }

  /**
   * The findings on the policy that would be in force with these texts.
   *
   * @param texts by the names that findings call them by
   * @param namespace of documents that name none
   */
  public List<Finding> with(Map<String, byte[]> texts, String namespace) {
    return findings(mesh.view(), texts, namespace);
  }

  private static List<Finding> findings(
      MeshView view, Map<String, byte[]> texts, String namespace) {
    Defaults defaults = new Defaults(namespace, view.trustDomain());
    List<Finding> findings = new ArrayList<>(Analysis.of(texts, documents(view), defaults));
    findings.addAll(emptyGroups(view));
    return findings;
  }

  /** The findings in the mesh as it is now. */
  public synchronized Findings inForce() {
    MeshView view = mesh.view();
    Found last = found;
    if (last == null || last.version() != view.version() || !last.epoch().equals(view.epoch())) {
      Map<String, List<Finding>> byReference = new HashMap<>();
      for (Finding each : findings(view, Map.of(), "default")) {
        byReference.computeIfAbsent(each.reference(), key -> new ArrayList<>()).add(each);
      }
      last = new Found(view.version(), view.epoch(), new Findings(byReference));
      found = last;
    }
    return last.findings();
  }

  /** A group that nobody belongs to is a name written wrong, or an account, more often than not. */
  private static List<Finding> emptyGroups(MeshView view) {
    Set<WorkloadGroupSpec> joined = Collections.newSetFromMap(new IdentityHashMap<>());
    for (RegisteredInstance instance : view.instances()) {
      WorkloadGroupSpec group = instance.group();
      if (group != null) {
        joined.add(group);
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (StoredResource stored : view.policy()) {
      Resource resource = stored.resource();
      if (resource.kind() == ResourceKind.WORKLOAD_GROUP
          && !joined.contains(resource.spec(WorkloadGroupSpec.class))) {
        findings.add(
            new Finding(
                "",
                Finding.Level.INFO,
                Findings.reference(resource),
                "",
                Mark.START,
                "no instance belongs to it: those do whose label "
                    + WorkloadGroupSpec.LABEL
                    + ", or else their service, is called "
                    + resource.name()
                    + " in this namespace, and whose service account is the template's"));
      }
    }
    return findings;
  }

  private static List<Document> documents(MeshView view) {
    Defaults defaults = new Defaults("default", view.trustDomain());
    List<Document> documents = new ArrayList<>();
    Set<String> namespaces = new TreeSet<>(Set.of("default", view.rootNamespace()));
    Set<KnownService> services = new TreeSet<>(MeshAnalysis::compare);
    services.addAll(view.services());
    for (RegisteredInstance instance : view.instances()) {
      String namespace = instance.report().namespace;
      services.add(new KnownService(namespace, instance.report().service));
      documents.add(document("Pod", namespace, instance.id(), instance.labels(), defaults));
    }
    for (KnownService service : services) {
      namespaces.add(service.namespace());
      documents.add(
          document("Service", service.namespace(), service.service(), Map.of(), defaults));
    }
    for (StoredResource stored : view.policy()) {
      namespaces.add(stored.resource().namespace());
      documents.add(Document.ofTree(stored.resource().toMap(), defaults));
    }
    for (String namespace : namespaces) {
      documents.add(document("Namespace", namespace, namespace, Map.of(), defaults));
    }
    // What Istio's analyzers take from its mesh configuration.
    documents.add(Document.ofTree(Map.of("rootNamespace", view.rootNamespace()), defaults));
    return documents;
  }

  private static int compare(KnownService a, KnownService b) {
    int order = a.namespace().compareTo(b.namespace());
    return order != 0 ? order : a.service().compareTo(b.service());
  }

  private static Document document(
      String kind, String namespace, String name, Map<String, String> labels, Defaults defaults) {
    return Document.ofTree(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            kind,
            "metadata",
            Map.of("namespace", namespace, "name", name, "labels", labels)),
        defaults);
  }
}
