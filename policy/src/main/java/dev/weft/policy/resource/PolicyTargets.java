package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a policy is attached to by reference (Istio PolicyTargetReference). A service means its
 * instances. Gateways, and what only waypoints answer for, are accepted with a warning: no workload
 * of the mesh is one.
 */
final class PolicyTargets {
  /** One reference. */
  static final Type REF =
      ObjectType.of("targetRef")
          .field("group", Scalars.text())
          .required("kind", Scalars.text("a kind", Checks::notEmpty))
          .required("name", Scalars.text("a name", Checks::notEmpty))
          .field("namespace", Scalars.text())
          .rule(PolicyTargets::check)
          .build();

  /** Several. */
  static final Type REFS = ListType.of(REF).atMost(16);

  private PolicyTargets() {}

  private static void check(ObjectView target) {
    if (!target.text("namespace").isEmpty()) {
      target.invalid("namespace", "must not be set: a policy is for targets of its own namespace");
    }
    String group = target.text("group").isEmpty() ? "core" : target.text("group");
    switch (group + "/" + target.text("kind")) {
      case "core/Service":
        return;
      case "networking.istio.io/ServiceEntry":
        target.withoutEffect("kind", "who judges calls to a ServiceEntry is a waypoint");
        return;
      case "gateway.networking.k8s.io/Gateway":
      case "gateway.networking.k8s.io/GatewayClass":
        target.withoutEffect("kind", "no workload of the mesh is a gateway or a waypoint");
        return;
      default:
        target.invalid(
            "kind",
            "must be Service, or ServiceEntry of networking.istio.io, or Gateway or GatewayClass"
                + " of gateway.networking.k8s.io, not "
                + target.text("kind")
                + " of \""
                + target.text("group")
                + '"');
    }
  }

  /** A policy says in one way which workloads it is for. */
  static void checkSelection(ObjectView spec) {
    int selections = spec.has("selector") ? 1 : 0;
    selections += spec.has("targetRef") ? 1 : 0;
    selections += spec.hasContent("targetRefs") ? 1 : 0;
    if (selections > 1) {
      spec.invalid("selector", "must not stand beside targetRef or targetRefs; keep one");
    }
  }

  /**
   * The services that a policy names, which is for their instances alone; null when it is not
   * attached by reference.
   */
  static @Nullable Set<String> of(SpecFields spec) {
    List<SpecFields> targets = new ArrayList<>(spec.objects("targetRefs", target -> target));
    if (spec.has("targetRef")) {
      targets.add(spec.object("targetRef"));
    }
    if (targets.isEmpty()) {
      return null;
    }
    Set<String> services = new HashSet<>();
    for (SpecFields target : targets) {
      if (target.text("kind", "").equals("Service")) {
        services.add(target.text("name", ""));
      }
    }
    return Collections.unmodifiableSet(services);
  }
}
