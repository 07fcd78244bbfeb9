package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
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

/** Istio ServiceEntry with fixed endpoints: the table of its fields. */
final class ServiceEntryKind {
  private static final String TLS_MODE_LABEL = "security.istio.io/tlsMode";
  private static final Set<String> HTTP_PROTOCOLS =
      Collections.unmodifiableSet(new HashSet<>(Arrays.asList("HTTP", "HTTP2")));
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

  private static final Type ENDPOINT =
      ObjectType.of("endpoint")
          .field("address", Scalars.text("an address", Checks::notEmpty))
          .field("ports", MapType.of("port name", Checks::dnsLabel, Shared.PORT))
          .field("labels", Shared.LABELS)
          .field("locality", Scalars.text())
          .field("weight", Shared.COUNT)
          .refused("network", "a choice of network")
          .refused("serviceAccount", "the service account of an endpoint")
          .rule(ServiceEntryKind::checkEndpoint)
          .build();

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
              Scalars.choice("STATIC")
                  .refused("NONE", "endpoints that the application has found")
                  .refused("DNS", "endpoints found by DNS")
                  .refused("DNS_ROUND_ROBIN", "endpoints found by DNS")
                  .refused("DYNAMIC_DNS", "endpoints found by DNS"))
          .field("endpoints", ListType.of(ENDPOINT).atMost(4096))
          .refused("addresses", "virtual addresses")
          .refused("workloadSelector", "a choice of workloads as endpoints")
          .field(Visibility.FIELD, Visibility.TYPE_WITH_NOBODY)
          .rule(Visibility::check)
          .refused("subjectAltNames", "a choice of server names")
          .rule(ServiceEntryKind::checkPorts)
          .rule(ServiceEntryKind::checkEndpoints)
          .rule(ServiceEntryKind::checkEntry)
          .build();

  private ServiceEntryKind() {}

  private static @Nullable String host(String text) {
    return text.equals("*") ? "must not be *" : Checks.wildcardHost(text);
  }

  private static @Nullable String protocol(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    return text.isEmpty()
            || TEXT_OR_TLS_PROTOCOLS.contains(upper)
            || OTHER_PROTOCOLS.contains(upper)
        ? null
        : "must be a protocol such as HTTP, not \"" + text + '"';
  }

  private static void refuseOtherProtocols(ObjectView port) {
    String protocol = port.text("protocol").toUpperCase(Locale.ROOT);
    if (!protocol.isEmpty() && !HTTP_PROTOCOLS.contains(protocol) && protocol(protocol) == null) {
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
      spec.notInForce("ports", "a service without ports");
    } else if (spec.objects("ports").size() > 1) {
      spec.notInForce("ports", "a service with more than one port");
    }
  }

  private static void checkEndpoint(ObjectView endpoint) {
    ObjectView labels = endpoint.object("labels");
    if (labels != null && labels.has(TLS_MODE_LABEL)) {
      labels.notInForce(TLS_MODE_LABEL, "mTLS to an endpoint that is not registered");
    }
    if (endpoint.text("address").isEmpty() && !endpoint.has("network")) {
      endpoint.invalid("address", "is required: an IP address");
    }
  }

  private static void checkEndpoints(ObjectView spec) {
    Set<String> ports = new HashSet<>();
    for (ObjectView port : spec.objects("ports")) {
      ports.add(port.text("name"));
    }
    String resolution = spec.text("resolution");
    for (ObjectView endpoint : spec.objects("endpoints")) {
      checkAddress(endpoint, resolution);
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
    if (address.startsWith("unix://")) {
      endpoint.notInForce("address", "a Unix domain socket");
      if (endpoint.hasContent("ports")) {
        endpoint.invalid("ports", "must not be given with a Unix domain socket");
      }
    } else if (resolution.equals("STATIC")
        && !address.isEmpty()
        && Checks.ipAddress(address) != null) {
      endpoint.invalid("address", "must be an IP address with resolution STATIC");
    }
  }

  private static void checkEntry(ObjectView spec) {
    List<String> hosts = spec.texts("hosts");
    for (String host : hosts) {
      if (host.startsWith("*") && host.length() > 1) {
        spec.notInForce("hosts", "a host with a wildcard");
      }
    }
    if (!spec.has("resolution")) {
      spec.notInForce("resolution", "any resolution but STATIC (the default is NONE)");
    }
    String resolution = spec.text("resolution");
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
}
