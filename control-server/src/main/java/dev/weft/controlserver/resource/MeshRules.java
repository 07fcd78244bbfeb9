package dev.weft.controlserver.resource;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.policy.resource.MeshConfigSpec;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a resource must keep to because of the mesh that it comes to. Pure functions. */
final class MeshRules {
  private MeshRules() {}

  /** What is wrong with the resource here; null for nothing. */
  static @Nullable Breach check(Resource resource, MeshView view) {
    if (resource.kind() != ResourceKind.MESH_CONFIG) {
      return null;
    }
    if (!resource.namespace().equals(view.rootNamespace())) {
      return new Breach(
          "metadata.namespace",
          "must be the root namespace, "
              + view.rootNamespace()
              + ": a MeshConfig is for the whole mesh");
    }
    String domain = resource.spec(MeshConfigSpec.class).trustDomain;
    if (domain != null && !domain.equals(view.trustDomain())) {
      return new Breach(
          "spec.trustDomain",
          "must be "
              + view.trustDomain()
              + ", not "
              + domain
              + ": a mesh keeps the trust domain that its control server first started with"
              + " (serve --trust-domain), since every certificate names it");
    }
    return null;
  }

  /**
   * Holds a change to one MeshConfig in the end, whatever became of others on the way.
   *
   * @throws PolicyConflict naming both
   */
  static void requireOneMeshConfig(PolicyChange change, Map<String, StoredResource> current)
      throws PolicyConflict {
    boolean touched = false;
    for (PolicyChange.Row row : change.changes()) {
      touched |= row.resource().kind() == ResourceKind.MESH_CONFIG;
    }
    if (!touched) {
      return;
    }
    String first = null;
    for (Map.Entry<String, StoredResource> entry : change.on(current).entrySet()) {
      if (entry.getValue().resource().kind() != ResourceKind.MESH_CONFIG) {
        continue;
      }
      if (first != null) {
        throw new PolicyConflict(
            first
                + " and "
                + entry.getKey()
                + " would both be in force, but a mesh has one MeshConfig: keep one of them, and"
                + " delete the other or take it out");
      }
      first = entry.getKey();
    }
  }

  /** A rule that is not kept. */
  record Breach(String field, String message) {}
}
