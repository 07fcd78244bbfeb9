package dev.weft.policy.resource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a ReferenceGrant permits HTTPRoutes to name in its own namespace. Immutable. */
public final class ReferenceGrantSpec {
  /** Namespaces of HTTPRoutes that may refer to {@link #services}. */
  public final List<String> namespaces;

  /** Names of services; an empty name means all of the namespace. */
  public final List<String> services;

  private ReferenceGrantSpec(List<String> namespaces, List<String> services) {
    this.namespaces = Collections.unmodifiableList(namespaces);
    this.services = Collections.unmodifiableList(services);
  }

  static ReferenceGrantSpec of(SpecFields spec) {
    List<String> namespaces = new ArrayList<>();
    for (SpecFields from : spec.objects("from", each -> each)) {
      if (is(from, GatewayReferences.GATEWAY, "HTTPRoute")) {
        namespaces.add(from.text("namespace", ""));
      }
    }
    List<String> services = new ArrayList<>();
    for (SpecFields to : spec.objects("to", each -> each)) {
      if (is(to, "", "Service")) {
        services.add(to.text("name", ""));
      }
    }
    return new ReferenceGrantSpec(namespaces, services);
  }

  private static boolean is(SpecFields reference, String group, String kind) {
    return reference.text("group", "").equals(group) && reference.text("kind", "").equals(kind);
  }

  /** Returns whether HTTPRoutes of that namespace may name the service of the grant's own. */
  public boolean permits(String routeNamespace, String service) {
    return namespaces.contains(routeNamespace)
        && (services.contains("") || services.contains(service));
  }
}
