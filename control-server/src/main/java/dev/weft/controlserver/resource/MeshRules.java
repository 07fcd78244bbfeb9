package dev.weft.controlserver.resource;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.policy.resource.MeshConfigSpec;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
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
    for (StoredResource stored : view.policy()) {
      Resource other = stored.resource();
      if (other.kind() == ResourceKind.MESH_CONFIG && !other.name().equals(resource.name())) {
        return new Breach(
            "metadata.name",
            "must be " + other.name() + ": a mesh has one MeshConfig; change that, or delete it");
      }
    }
    return null;
  }

  /** A rule that is not kept. */
  record Breach(String field, String message) {}
}
