package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Istio Sidecar: the table of its fields. */
final class SidecarKind {
  private static final String REACHED = "the application is reached where it listens itself";
  private static final String NO_LISTENER = "nothing listens for what the application sends";
  private static final String NO_HOP = "there is no connection between a proxy and the application";

  private static final Type PORT =
      ObjectType.of("port")
          .required("number", Scalars.integer(0, 65535))
          .field("name", Scalars.text("the name of a port", Checks::dnsLabel))
          .field("protocol", Scalars.text("a protocol", ServiceEntryKind::protocol))
          .field("targetPort", Scalars.integer(0, 0))
          .build();

  private static final Type CAPTURE_MODE = Scalars.choice("DEFAULT", "IPTABLES", "NONE");

  private static final Type EGRESS =
      ObjectType.of("egress")
          .required(
              "hosts", ListType.of(Scalars.text("namespace/dnsName", SidecarKind::host)).nonEmpty())
          .field("port", PORT)
          .withoutEffect(
              "bind", Scalars.text("an IP address", SidecarKind::outboundBind), NO_LISTENER)
          .withoutEffect("captureMode", CAPTURE_MODE, NO_LISTENER)
          .rule(SidecarKind::checkEgress)
          .build();

  private static final Type INBOUND_POOL =
      ObjectType.of("inboundConnectionPool")
          .field(
              "tcp",
              ObjectType.of("inboundConnectionPool.tcp")
                  .field("maxConnections", Shared.COUNT)
                  .withoutEffect("connectTimeout", Shared.DURATION, NO_HOP)
                  .refused("tcpKeepalive", "TCP keep-alive, which the server sets")
                  .refused(
                      "maxConnectionDuration",
                      "a longest time of connections, which the server sets")
                  .refused(
                      "idleTimeout", "an idle timeout of TCP connections, which the server sets")
                  .build())
          .field(
              "http",
              ObjectType.of("inboundConnectionPool.http")
                  .field("http1MaxPendingRequests", Shared.COUNT)
                  .field("http2MaxRequests", Shared.COUNT)
                  .withoutEffect("maxRequestsPerConnection", Shared.COUNT, NO_HOP)
                  .withoutEffect("maxRetries", Shared.COUNT, "no server sends again")
                  .refused(
                      "idleTimeout", "an idle timeout of HTTP connections, which the server sets")
                  .withoutEffect(
                      "h2UpgradePolicy",
                      Scalars.choice("DEFAULT", "DO_NOT_UPGRADE", "UPGRADE"),
                      NO_HOP)
                  .withoutEffect("useClientProtocol", Scalars.flag(), NO_HOP)
                  .refused(
                      "maxConcurrentStreams", "a limit on HTTP/2 streams, which the server sets")
                  .refused("http2KeepAlive", "HTTP/2 keep-alive, which the server sets")
                  .build())
          .rule(SidecarKind::checkPool)
          .build();

  private static final Type INGRESS =
      ObjectType.of("ingress")
          .field("port", PORT)
          .withoutEffect("bind", Scalars.text("an IP address", Checks::ipAddress), REACHED)
          .withoutEffect("captureMode", CAPTURE_MODE, REACHED)
          .field("defaultEndpoint", Scalars.text("an endpoint", SidecarKind::endpoint))
          .field("connectionPool", INBOUND_POOL)
          .refused("tls", "TLS for callers outside the mesh, which the application keeps itself")
          .rule(SidecarKind::checkIngress)
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
          .field("ingress", ListType.of(INGRESS))
          .field("inboundConnectionPool", INBOUND_POOL)
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

  private static @Nullable String outboundBind(String text) {
    return isSocketFile(text) ? null : Checks.ipAddress(text);
  }

  private static boolean isSocketFile(String text) {
    return text.startsWith("unix://");
  }

  /** Istio: a loopback address or that of any, or a file. */
  private static @Nullable String endpoint(String text) {
    boolean file = text.startsWith("unix:///") || text.startsWith("unix://@");
    if (file && !text.endsWith("/")) {
      return null;
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    boolean local =
        host.isEmpty()
            || host.equals("127.0.0.1")
            || host.equals("0.0.0.0")
            || host.equals("[::1]")
            || host.equals("[::]");
    return colon >= 0 && local && Checks.portText(text.substring(colon + 1)) == null
        ? null
        : "must be 127.0.0.1:port, 0.0.0.0:port, [::1]:port, [::]:port or unix:///path, not \""
            + text
            + '"';
  }

  private static void checkEgress(ObjectView egress) {
    ObjectView port = egress.object("port");
    boolean file = isSocketFile(egress.text("bind"));
    if (port == null || !port.has("number")) {
      return;
    }
    boolean zero = port.number("number", 1) == 0;
    if (zero && !file) {
      port.invalid("number", "must be 1 to 65535; 0 is for a Unix domain socket");
    } else if (zero) {
      egress.notInForce("bind", "a Unix domain socket");
    } else if (file) {
      egress.invalid("bind", "must be an IP address with a port number");
    }
    if (zero && egress.text("captureMode").equals("IPTABLES")) {
      egress.invalid("captureMode", "must be DEFAULT or NONE for a Unix domain socket");
    }
  }

  private static void checkIngress(ObjectView ingress) {
    ObjectView port = ingress.object("port");
    if (port == null) {
      ingress.invalid("port", "is required: an object");
    } else if (port.has("number") && port.number("number", 1) == 0) {
      port.invalid("number", "must be 1 to 65535");
    }
    ObjectView pool = ingress.object("connectionPool");
    if (pool == null) {
      for (String listener : new String[] {"port", "defaultEndpoint"}) {
        if (ingress.has(listener)) {
          ingress.withoutEffect(listener, REACHED);
        }
      }
    } else if (port != null
        && pool.has("http")
        && !ServiceEntryKind.isHttp(port.text("protocol"))) {
      pool.withoutEffect("http", "the port's protocol is " + port.text("protocol"));
    }
  }

  private static void checkPool(ObjectView pool) {
    ObjectView tcp = pool.object("tcp");
    ObjectView http = pool.object("http");
    if (!pool.hasAny("tcp", "http")) {
      pool.invalid("must have tcp, http or both");
    }
    boolean connections = tcp != null && tcp.has("maxConnections");
    boolean pending = http != null && http.has("http1MaxPendingRequests");
    // As for calls: the two together bound the requests under way.
    if (tcp != null && connections && !pending) {
      tcp.notInForce("maxConnections", "maxConnections without http1MaxPendingRequests");
    }
    if (http != null && pending && !connections) {
      http.withoutEffect("http1MaxPendingRequests", DestinationRuleKind.NOTHING_PENDING);
    }
  }

  private static void checkContent(ObjectView spec) {
    if (!spec.hasContent("egress")
        && !spec.hasContent("ingress")
        && !spec.hasAny("outboundTrafficPolicy", "inboundConnectionPool")) {
      spec.invalid("must have egress, ingress or outboundTrafficPolicy: it says nothing");
    }
    List<ObjectView> egress = spec.objects("egress");
    for (int i = 0; i < egress.size() - 1; i++) {
      if (!egress.get(i).has("port")) {
        egress.get(i).invalid("must be the last without a port; put its hosts into one with it");
      }
    }
    checkDistinct(egress);
    checkDistinct(spec.objects("ingress"));
  }

  private static void checkDistinct(List<ObjectView> listeners) {
    Set<Double> numbers = new HashSet<>();
    for (ObjectView listener : listeners) {
      ObjectView port = listener.object("port");
      double number = port == null ? 0 : port.number("number", 0);
      if (port != null && number > 0 && !numbers.add(number)) {
        port.invalid("number", "is the number of another, too; keep one");
      }
    }
  }
}
