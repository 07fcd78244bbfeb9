package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Elements of {@code tls} and {@code tcp} of a VirtualService: the table of their fields. */
final class ConnectionRules {
  /** Requests through units of libraries, and connections to databases, have rules of their own. */
  private static final String WHERE =
      "but for connections of plain sockets to names in mesh.virtual-addresses";

  private ConnectionRules() {}

  static Type tls(Type destination) {
    Type names = ListType.of(Scalars.text("a host name", ConnectionRules::sniHost)).nonEmpty();
    Type match = match("tls match").required("sniHosts", names).build();
    return rule("tls", destination).required("match", ListType.of(match).nonEmpty()).build();
  }

  static Type tcp(Type destination) {
    Type match =
        match("tcp match").refused("sourceSubnet", "a match on the caller's address").build();
    return rule("tcp", destination).field("match", ListType.of(match).nullIsEmpty()).build();
  }

  private static ObjectType.Builder rule(String name, Type destination) {
    Type route =
        ObjectType.of("route")
            .required("destination", destination)
            .field("weight", Shared.COUNT)
            .build();
    return ObjectType.of(name)
        .required("route", ListType.of(route).nonEmpty())
        .rule(VirtualServiceKind::checkWeights);
  }

  /** The address that the client connects to is made up, so that no subnet can tell anything. */
  private static ObjectType.Builder match(String name) {
    return ObjectType.of(name)
        .field("port", Shared.PORT)
        .refused("destinationSubnets", "a match on the address that is connected to")
        .field("sourceLabels", Shared.LABELS)
        .field("sourceNamespace", Scalars.text("a namespace", HttpMatches::namespace))
        .field(
            "gateways",
            ListType.of(Scalars.text("mesh; others have no effect", HttpMatches::gateway)))
        .rule(HttpMatches::refuseGateways);
  }

  private static @Nullable String sniHost(String text) {
    return text.equals("*") || Checks.ipAddress(text) == null ? null : Checks.wildcardHost(text);
  }

  /**
   * Checks what only the VirtualService as a whole tells: Istio wants what a server is asked for by
   * to be one of its hosts.
   */
  static void check(ObjectView spec) {
    List<String> hosts = spec.texts("hosts");
    for (ObjectView rule : spec.objects("tls")) {
      for (ObjectView match : rule.objects("match")) {
        List<String> names = match.texts("sniHosts");
        for (int i = 0; i < names.size(); i++) {
          // Istio looks no further at an address, which no TLS client asks for.
          if (Checks.ipAddress(names.get(i)) != null
              && hosts.stream().noneMatch(covering(names.get(i)))) {
            match.invalid("sniHosts", i, "must be one of spec.hosts, or covered by one");
          }
        }
      }
    }
    for (String field : new String[] {"tls", "tcp"}) {
      if (spec.hasContent(field) && isInMesh(spec)) {
        spec.withoutEffect(field, WHERE);
      }
    }
  }

  private static Predicate<String> covering(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return host -> {
      String known = host.toLowerCase(Locale.ROOT);
      return wanted.startsWith("*")
          ? known.startsWith("*") && wanted.endsWith(known.substring(1))
          : HostNames.matches(known, wanted);
    };
  }

  private static boolean isInMesh(ObjectView spec) {
    List<String> gateways = spec.texts("gateways");
    return gateways.isEmpty() || gateways.contains(HttpMatches.MESH);
  }
}
