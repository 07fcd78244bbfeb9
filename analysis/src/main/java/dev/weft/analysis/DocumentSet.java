package dev.weft.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything an analysis looks at, by kind, and what follows from it as a whole. Immutable; made
 * for one analysis on one thread.
 */
final class DocumentSet {
  private final Map<String, List<Document>> byKind = new HashMap<>();
  private final MeshConfig meshConfig;
  private final ServiceTable services;
  private final WorkloadTable workloads;

  DocumentSet(List<Document> all) {
    for (Document document : all) {
      byKind.computeIfAbsent(document.kind(), key -> new ArrayList<>()).add(document);
    }
    meshConfig = MeshConfig.of(this);
    services = ServiceTable.of(this);
    workloads = WorkloadTable.of(this);
  }

  List<Document> ofKind(String kind) {
    return byKind.getOrDefault(kind, List.of());
  }

  boolean has(String kind) {
    return byKind.containsKey(kind);
  }

  @Nullable Document find(String kind, String namespace, String name) {
    for (Document document : ofKind(kind)) {
      if (document.namespace().equals(namespace) && document.name().equals(name)) {
        return document;
      }
    }
    return null;
  }

  MeshConfig meshConfig() {
    return meshConfig;
  }

  ServiceTable services() {
    return services;
  }

  WorkloadTable workloads() {
    return workloads;
  }
}
