package dev.weft.controlserver.compile;

import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.BackendRef;
import dev.weft.policy.resource.HttpRouteSpec;
import dev.weft.policy.resource.ParentRef;
import dev.weft.policy.resource.ReferenceGrantSpec;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Mirror;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one HTTPRoute leads, as it is attached to one parent. Immutable but for the catalog. */
final class GatewayReferences {
  /** A reason of the Gateway API's condition ResolvedRefs. */
  static final String NOT_FOUND = "BackendNotFound";

  /** A reason of the Gateway API's condition ResolvedRefs. */
  static final String NOT_PERMITTED = "RefNotPermitted";

  private final PolicyIndex policy;
  private final ServiceCatalog catalog;
  private final HttpRouteSpec spec;
  private final String namespace;
  private final ParentRef parent;

  /**
   * The references of {@code route}.
   *
   * @param catalog with nothing but what is known to exist
   */
  GatewayReferences(
      PolicyIndex policy, ServiceCatalog catalog, StoredResource route, ParentRef parent) {
    this.policy = policy;
    this.catalog = catalog;
    this.spec = route.resource().spec(HttpRouteSpec.class);
    this.namespace = route.resource().namespace();
    this.parent = parent;
  }

  /** Why a reference cannot be followed, or null when it can. */
  @Nullable String problem(BackendRef reference) {
    if (!permitted(reference)) {
      return NOT_PERMITTED;
    }
    return catalog.knows(host(reference)) ? null : NOT_FOUND;
  }

  private String host(BackendRef reference) {
    return catalog.resolve(reference.host(), namespace);
  }

  /** Those that are answered with 500 come last, so that an explanation finds the others. */
  List<Backend> backends(List<Backend> written) {
    List<Backend> good = new ArrayList<>();
    List<Backend> refused = new ArrayList<>();
    for (Backend backend : written) {
      BackendRef reference = spec.references.get(backend.host);
      if (reference == null) {
        refused.add(backend);
        continue;
      }
      Backend.Builder resolved = backend.toBuilder().host(host(reference));
      if (problem(reference) == null) {
        good.add(resolved.build());
      } else {
        refused.add(resolved.refusal(500).build());
      }
    }
    good.addAll(refused);
    return good;
  }

  /** Without those that get nothing, or may not. */
  List<Mirror> mirrors(List<Mirror> written) {
    List<Mirror> resolved = new ArrayList<>();
    for (Mirror mirror : written) {
      BackendRef reference = spec.references.get(mirror.host);
      if (reference != null && mirror.percent > 0 && problem(reference) == null) {
        resolved.add(mirror.toBuilder().host(host(reference)).build());
      }
    }
    return resolved;
  }

  /** A caller that calls into a namespace is not led anywhere new within it. */
  private boolean permitted(BackendRef reference) {
    return reference.namespace.isEmpty()
        || reference.namespace.equals(namespace)
        || reference.namespace.equals(parent.namespace)
        || granted(reference);
  }

  private boolean granted(BackendRef reference) {
    for (StoredResource stored : policy.referenceGrants()) {
      ReferenceGrantSpec grant = stored.resource().spec(ReferenceGrantSpec.class);
      if (stored.resource().namespace().equals(reference.namespace)
          && grant.permits(namespace, reference.name)) {
        return true;
      }
    }
    return false;
  }
}
