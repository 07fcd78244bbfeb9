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
import dev.weft.policy.resource.ResourceKind;
import java.util.ArrayList;
import java.util.HashMap;
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
  private volatile @Nullable Found found;

  private record Found(long version, String epoch, Map<String, List<Finding>> byReference) {}

  public MeshAnalysis(Mesh mesh) {
    this.mesh = mesh;
  }

  /** The findings about a resource in force. */
  public List<Finding> of(ResourceKind kind, String namespace, String name) {
    String reference = kind.kind() + " " + namespace + "/" + name;
    return inForce().byReference().getOrDefault(reference, List.of());
  }

  /**
   * The findings on the policy that would be in force with these texts.
   *
   * @param texts by the names that findings call them by
   * @param namespace of documents that name none
   */
  public List<Finding> with(Map<String, byte[]> texts, String namespace) {
    MeshView view = mesh.view();
    return Analysis.of(texts, documents(view), new Defaults(namespace, view.trustDomain()));
  }

  private Found inForce() {
    MeshView view = mesh.view();
    Found last = found;
    if (last == null || last.version() != view.version() || !last.epoch().equals(view.epoch())) {
      Map<String, List<Finding>> byReference = new HashMap<>();
      for (Finding each :
          Analysis.of(Map.of(), documents(view), new Defaults("default", view.trustDomain()))) {
        byReference.computeIfAbsent(each.reference(), key -> new ArrayList<>()).add(each);
      }
      last = new Found(view.version(), view.epoch(), byReference);
      found = last;
    }
    return last;
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
