package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Istio ServiceEntry: the table of its fields. */
final class ServiceEntryKind {
  private static final Set<String> HTTP_PROTOCOLS =
      Collections.unmodifiableSet(
          new HashSet<>(Arrays.asList("HTTP", "HTTP2", "GRPC", "GRPC-WEB")));
  private static final Set<String> TEXT_OR_TLS_PROTOCOLS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "HTTP", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-WEB", "HTTPS", "TLS", "HBONE")));
  private static final Set<String> OTHER_PROTOCOLS =
      Collections.unmodifiableSet(
          new HashSet<>(Arrays.asList("TCP", "UDP", "MONGO", "REDIS", "MYSQL")));

  private static final Type PORT =
      ObjectType.of("port")
          .required("number", Shared.PORT)
          .required("name", Scalars.text("the name of a port", Checks::dnsLabel))
          .field("protocol", Scalars.text("a protocol", ServiceEntryKind::protocol))
          .field("targetPort", Shared.PORT)
          .rule(ServiceEntryKind::refuseOtherProtocols)
          .build();

  private static final Type ENDPOINT = WorkloadEntryKind.fields("endpoint").build();

  static final ObjectType SPEC =
      ObjectType.of("ServiceEntry")
          .required(
              "hosts",
              ListType.of(Scalars.text("a host name", ServiceEntryKind::host))
                  .nonEmpty()
                  .atMost(256))
          .field("ports", ListType.of(PORT).atMost(256))
          .field("location", Scalars.choice("MESH_EXTERNAL", "MESH_INTERNAL"))
          .field(
              "resolution",
              Scalars.choice("NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"))
          .field("endpoints", ListType.of(ENDPOINT).atMost(4096))
          .field("addresses", ListType.of(Scalars.text("an address", Checks::ipBlock)).atMost(256))
          .field("workloadSelector", Shared.WORKLOAD_SELECTOR)
          .field(Visibility.FIELD, Visibility.TYPE_WITH_NOBODY)
          .rule(Visibility::check)
          .field("subjectAltNames", Shared.SUBJECT_ALT_NAMES)
          .rule(ServiceEntryKind::checkPorts)
          .rule(ServiceEntryKind::checkEndpoints)
          .rule(ServiceEntryKind::checkEntry)
          .build();

  private ServiceEntryKind() {}

  private static @Nullable String host(String text) {
    return text.equals("*") ? "must not be *" : Checks.wildcardHost(text);
  }

  static @Nullable String protocol(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    return text.isEmpty()
            || TEXT_OR_TLS_PROTOCOLS.contains(upper)
            || OTHER_PROTOCOLS.contains(upper)
        ? null
        : "must be a protocol such as HTTP, not \"" + text + '"';
  }

  private static void refuseOtherProtocols(ObjectView port) {
    String protocol = port.text("protocol").toUpperCase(Locale.ROOT);
    if (protocol.equals("HTTP_PROXY") || protocol.equals("HBONE")) {
      port.notInForce("protocol", "a port that speaks " + protocol);
    }
  }

  private static void checkPorts(ObjectView spec) {
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    for (ObjectView port : spec.objects("ports")) {
      if (port.has("name") && !names.add(port.text("name"))) {
        port.invalid("name", "is the name of another port, too; choose another");
      }
      if (port.has("number") && !numbers.add(port.text("number"))) {
        port.invalid("number", "is the number of another port, too; keep one");
      }
    }
    if (!spec.hasContent("ports")) {
      spec.withoutEffect("hosts", "without ports no call is one to them");
    }
  }

  private static boolean hasHttpPort(ObjectView spec) {
    for (ObjectView port : spec.objects("ports")) {
      if (isHttp(port.text("protocol"))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the mesh reads requests at a port of this protocol; none written means it does. */
  static boolean isHttp(String protocol) {
    return protocol.isEmpty() || HTTP_PROTOCOLS.contains(protocol.toUpperCase(Locale.ROOT));
  }

  private static void checkEndpoints(ObjectView spec) {
    Set<String> ports = new HashSet<>();
    for (ObjectView port : spec.objects("ports")) {
      ports.add(port.text("name"));
    }
    String resolution = spec.text("resolution");
    boolean external = !spec.text("location").equals("MESH_INTERNAL");
    for (ObjectView endpoint : spec.objects("endpoints")) {
      checkAddress(endpoint, resolution);
      if (external && !endpoint.text("serviceAccount").isEmpty()) {
        endpoint.withoutEffect(
            "serviceAccount", "servers outside the mesh (location) have no identity of it");
      }
      for (String name : endpoint.keys("ports")) {
        if (!ports.contains(name)) {
          endpoint.invalid("ports", "names the port " + name + ", which spec.ports does not have");
        }
      }
    }
    if (spec.has("workloadSelector") && spec.has("endpoints")) {
      spec.invalid("workloadSelector", "must not stand beside endpoints");
    }
  }

  private static void checkAddress(ObjectView endpoint, String resolution) {
    String address = endpoint.text("address");
    if (address.startsWith("unix://") || address.isEmpty()) {
      return;
    }
    if (!resolution.equals("STATIC")) {
      WorkloadEntryKind.checkAddress(endpoint);
    } else if (Checks.ipAddress(address) != null) {
      endpoint.invalid("address", "must be an IP address with resolution STATIC");
    }
  }

  private static void checkEntry(ObjectView spec) {
    List<String> hosts = spec.texts("hosts");
    String resolution = spec.text("resolution");
    boolean looksUp = resolution.startsWith("DNS");
    for (String host : hosts) {
      if (!host.startsWith("*") || host.length() == 1 || resolution.isEmpty()) {
        continue;
      }
      if (looksUp && !spec.hasContent("endpoints")) {
        spec.invalid("hosts", "must have no wildcard to be looked up; add endpoints");
      } else if (!resolution.equals("NONE") && !resolution.equals("DYNAMIC_DNS")) {
        spec.notInForce("hosts", "a host with a wildcard in front of endpoints");
      }
    }
    checkAddresses(spec, looksUp);
    if (spec.hasContent("subjectAltNames")
        && !spec.text("location").equals("MESH_INTERNAL")
        && spec.objects("ports").stream().noneMatch(port -> isHttp(port.text("protocol")))) {
      spec.withoutEffect(
          "subjectAltNames", "the TLS is the application's own, which judges the server by itself");
    }
    if (resolution.equals("DNS_ROUND_ROBIN") && spec.objects("endpoints").size() > 1) {
      spec.invalid("endpoints", "must have one element with resolution DNS_ROUND_ROBIN");
    }
    if (spec.has("workloadSelector") && (resolution.isEmpty() || resolution.equals("NONE"))) {
      spec.withoutEffect(
          "workloadSelector", "without resolution STATIC or DNS the caller finds the address");
    }
    if ((resolution.isEmpty() || resolution.equals("NONE") || resolution.equals("DYNAMIC_DNS"))
        && spec.hasContent("endpoints")) {
      spec.invalid("endpoints", "must not be given without resolution STATIC or DNS");
    }
    if (!resolution.isEmpty() && !resolution.equals("NONE") && hosts.size() > 1) {
      for (ObjectView port : spec.objects("ports")) {
        if (!TEXT_OR_TLS_PROTOCOLS.contains(port.text("protocol").toUpperCase(Locale.ROOT))) {
          port.invalid("protocol", "must be HTTP or TLS where the entry has more than one host");
        }
      }
    }
  }

  private static void checkAddresses(ObjectView spec, boolean looksUp) {
    List<String> addresses = spec.texts("addresses");
    for (int i = 0; i < addresses.size(); i++) {
      if (addresses.get(i).indexOf('/') >= 0 && looksUp) {
        spec.invalid("addresses", i, "must be an address, no block, with resolution DNS");
      } else if (addresses.get(i).indexOf('/') >= 0
          && spec.text("resolution").equals("STATIC")
          && hasHttpPort(spec)) {
        spec.notInForce("addresses", "a block of addresses in front of endpoints");
      }
    }
  }
}
