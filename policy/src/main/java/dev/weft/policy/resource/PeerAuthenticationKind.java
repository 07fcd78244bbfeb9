package dev.weft.policy.resource;

import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import org.jspecify.annotations.Nullable;

/** Istio PeerAuthentication: the table of its fields. */
final class PeerAuthenticationKind {
  private static final Type MTLS =
      ObjectType.of("mtls")
          .field("mode", Scalars.choice("UNSET", "DISABLE", "PERMISSIVE", "STRICT"))
          .build();

  static final ObjectType SPEC =
      ObjectType.of("PeerAuthentication")
          .field("selector", Shared.SELECTOR)
          .field("mtls", MTLS)
          .field("portLevelMtls", MapType.of("port", PeerAuthenticationKind::port, MTLS))
          .rule(PeerAuthenticationKind::checkPorts)
          .build();

  private PeerAuthenticationKind() {}

  private static @Nullable String port(String key) {
    boolean digits = !key.isEmpty() && key.length() <= 5 && !key.startsWith("0");
    for (int i = 0; i < key.length(); i++) {
      digits &= key.charAt(i) >= '0' && key.charAt(i) <= '9';
    }
    return digits && Integer.parseInt(key) <= 65535 ? null : "must be from 1 to 65535, not " + key;
  }

  private static void checkPorts(ObjectView spec) {
    if (!spec.has("portLevelMtls")) {
      return;
    }
    ObjectView selector = spec.object("selector");
    if (selector == null || !selector.hasContent("matchLabels")) {
      spec.invalid("portLevelMtls", "needs a selector with matchLabels: ports belong to workloads");
    }
    if (!spec.hasContent("portLevelMtls")) {
      spec.invalid("portLevelMtls", "must not be empty; add a port or leave the field out");
    }
  }
}
