package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Istio Sidecar: the table of its fields. */
final class SidecarKind {
  private static final String LISTENER = "a listener beside the application's own";

  private static final Type EGRESS =
      ObjectType.of("egress")
          .required(
              "hosts", ListType.of(Scalars.text("namespace/dnsName", SidecarKind::host)).nonEmpty())
          .refused("port", LISTENER)
          .refused("bind", LISTENER)
          .refused("captureMode", LISTENER)
          .build();

  private static final Type OUTBOUND_TRAFFIC_POLICY =
      ObjectType.of("outboundTrafficPolicy")
          .field("mode", Scalars.choice("REGISTRY_ONLY", "ALLOW_ANY"))
          .refused("egressProxy", "a proxy for hosts that the mesh does not know")
          .rule(SidecarKind::checkProxy)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("Sidecar")
          .field("workloadSelector", Shared.WORKLOAD_SELECTOR)
          .field("egress", ListType.of(EGRESS))
          .field("outboundTrafficPolicy", OUTBOUND_TRAFFIC_POLICY)
          .refused("ingress", LISTENER)
          .refused("inboundConnectionPool", "limits on the connections of callers")
          .rule(SidecarKind::checkContent)
          .build();

  private SidecarKind() {}

  /** {@code pkg/config/validation}: ValidateNamespaceSlashWildcardHostname. */
  private static @Nullable String host(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return "must be namespace/dnsName, such as ./* or prod/*, not \"" + text + '"';
    }
    String problem = namespace(text.substring(0, slash));
    return problem == null ? dnsName(text.substring(slash + 1)) : problem;
  }

  private static @Nullable String namespace(String text) {
    String name = text.startsWith("~") && text.length() > 1 ? text.substring(1) : text;
    return name.equals("*") || name.equals(".") || name.equals("~") || isNamespace(name)
        ? null
        : "must begin with a namespace, . for its own, * for all or ~ for none, not \""
            + text
            + '"';
  }

  private static boolean isNamespace(String text) {
    return Checks.dnsLabel(text) == null;
  }

  private static @Nullable String dnsName(String text) {
    boolean wildcard = text.startsWith("*") && !text.startsWith("*.");
    return text.equals("*")
            || (!wildcard && text.indexOf('.') >= 0 && Checks.wildcardHost(text) == null)
        ? null
        : "must end with * or the full name of a host, such as orders.shop.svc.cluster.local,"
            + " not \""
            + text
            + '"';
  }

  private static void checkProxy(ObjectView policy) {
    if (policy.has("egressProxy") && !policy.text("mode").equals("ALLOW_ANY")) {
      policy.invalid("egressProxy", "needs mode ALLOW_ANY; without a mode it is REGISTRY_ONLY");
    }
  }

  private static void checkContent(ObjectView spec) {
    if (!spec.hasContent("egress")
        && !spec.hasContent("ingress")
        && !spec.hasAny("outboundTrafficPolicy", "inboundConnectionPool")) {
      spec.invalid("must have egress or outboundTrafficPolicy: it says nothing");
    }
    List<ObjectView> egress = spec.objects("egress");
    for (int i = 0; i < egress.size() - 1; i++) {
      if (!egress.get(i).has("port")) {
        egress.get(i).invalid("must be the last without a port; put its hosts into one with it");
      }
    }
  }
}
