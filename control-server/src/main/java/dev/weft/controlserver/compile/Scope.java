package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.EgressScope;
import dev.weft.policy.resource.SidecarSpec;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the Sidecar of a workload leaves of the mesh for it to call. Immutable; equal for workloads
 * of the same Sidecar.
 *
 * @param sidecar the one that holds, or null
 */
record Scope(@Nullable StoredResource sidecar) {
  static final Scope ALL = new Scope(null);

  /**
   * Of a Sidecar that selects the workload, else the namespace's, else the mesh's: one of them as a
   * whole, and of several the oldest.
   */
  static Scope of(List<StoredResource> sidecars, Workload workload, String rootNamespace) {
    StoredResource ofNamespace = null;
    StoredResource ofMesh = null;
    for (StoredResource stored : sidecars) {
      SidecarSpec spec = stored.resource().spec(SidecarSpec.class);
      String namespace = stored.resource().namespace();
      if (!spec.selector.isEmpty()) {
        if (namespace.equals(workload.namespace()) && workload.has(spec.selector)) {
          return new Scope(stored);
        }
      } else if (namespace.equals(workload.namespace())) {
        ofNamespace = ofNamespace == null ? stored : ofNamespace;
      } else if (namespace.equals(rootNamespace)) {
        ofMesh = ofMesh == null ? stored : ofMesh;
      }
    }
    StoredResource found = ofNamespace == null ? ofMesh : ofNamespace;
    return found == null ? ALL : new Scope(found);
  }

  /** Tells one from another, and from what it was before an operator changed it. */
  String id() {
    return sidecar == null ? "" : name() + "@" + sidecar.version();
  }

  /** Null when it is everything that the workload sees. */
  @Nullable EgressScope egress() {
    return sidecar == null ? null : sidecar.resource().spec(SidecarSpec.class).egress;
  }

  /** How many requests the workload takes at a time; 0 for no limit. */
  int mostRequests() {
    return sidecar == null ? 0 : sidecar.resource().spec(SidecarSpec.class).mostRequests;
  }

  /** The same for ports that have a number of their own, by port. */
  Map<Integer, Integer> mostRequestsByPort() {
    return sidecar == null
        ? Map.of()
        : sidecar.resource().spec(SidecarSpec.class).mostRequestsByPort;
  }

  /** The Sidecar, namespace and name parted by {@code /}; empty without one. */
  String name() {
    return sidecar == null ? "" : sidecar.resource().namespace() + "/" + sidecar.resource().name();
  }

  /** Namespace of the Sidecar; empty without one. */
  String namespace() {
    return sidecar == null ? "" : sidecar.resource().namespace();
  }

  /**
   * What becomes of calls to hosts that are not in it.
   *
   * @param ofMesh what the MeshConfig says, for a Sidecar that does not
   */
  OutboundTrafficPolicy outbound(OutboundTrafficPolicy ofMesh) {
    OutboundTrafficPolicy written =
        sidecar == null ? null : sidecar.resource().spec(SidecarSpec.class).outbound;
    return written == null ? ofMesh : written;
  }
}
