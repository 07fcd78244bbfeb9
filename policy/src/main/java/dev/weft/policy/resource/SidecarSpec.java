package dev.weft.policy.resource;

import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a Sidecar says. Immutable. */
public final class SidecarSpec {
  /** Labels of the workloads it is for; empty for all of its namespace. */
  public final Map<String, String> selector;

  /** What the workloads may call; null for all that they see. */
  public final @Nullable EgressScope egress;

  /** What becomes of calls to other hosts; null for what holds in the mesh. */
  public final @Nullable OutboundTrafficPolicy outbound;

  /** How many requests a workload takes at a time, at most; 0 for no limit. */
  public final int mostRequests;

  /** The same for ports that have a number of their own, by the port that an application has. */
  public final Map<Integer, Integer> mostRequestsByPort;

  private SidecarSpec(
      Map<String, String> selector,
      @Nullable EgressScope egress,
      @Nullable OutboundTrafficPolicy outbound,
      int mostRequests,
      Map<Integer, Integer> mostRequestsByPort) {
    this.selector = Collections.unmodifiableMap(selector);
    this.egress = egress;
    this.outbound = outbound;
    this.mostRequests = mostRequests;
    this.mostRequestsByPort = Collections.unmodifiableMap(mostRequestsByPort);
  }

  static SidecarSpec of(SpecFields spec) {
    List<EgressScope> listeners =
        spec.objects(
            "egress",
            egress ->
                EgressScope.of(egress.texts("hosts"), egress.object("port").integer("number", 0)));
    return new SidecarSpec(
        spec.object("workloadSelector").textMap("labels"),
        listeners.isEmpty() ? null : EgressScope.of(listeners),
        // Istio: the policy without a mode is the stricter one, its absence the mesh's.
        spec.optionalObject(
            "outboundTrafficPolicy",
            policy -> OutboundTrafficPolicy.valueOf(policy.text("mode", "REGISTRY_ONLY"))),
        mostRequests(spec.object("inboundConnectionPool")),
        byPort(spec));
  }

  /** As in Istio, what a port says comes in the place of what is said for all, as a whole. */
  private static Map<Integer, Integer> byPort(SpecFields spec) {
    Map<Integer, Integer> most = new LinkedHashMap<>();
    for (Ingress ingress : spec.objects("ingress", Ingress::new)) {
      if (ingress.limited) {
        most.putIfAbsent(ingress.port, ingress.mostRequests);
      }
    }
    return most;
  }

  /** What one listener says of the port that it hands on to. */
  private static final class Ingress {
    final int port;
    final boolean limited;
    final int mostRequests;

    Ingress(SpecFields ingress) {
      SpecFields listener = ingress.object("port");
      this.port = port(ingress.text("defaultEndpoint", ""), listener.integer("number", 0));
      this.limited = ingress.has("connectionPool");
      this.mostRequests =
          ServiceEntryKind.isHttp(listener.text("protocol", ""))
              ? mostRequests(ingress.object("connectionPool"))
              : 0;
    }

    /** Callers reach the application at its own port, which the endpoint names if it is another. */
    private static int port(String endpoint, int listener) {
      int colon = endpoint.lastIndexOf(':');
      return endpoint.startsWith("unix:") || colon < 0
          ? listener
          : Integer.parseInt(endpoint.substring(colon + 1));
    }
  }

  /** Connections and what waits for one together are the requests of HTTP/1.1 under way. */
  private static int mostRequests(SpecFields pool) {
    int requests = pool.object("http").integer("http2MaxRequests", 0);
    long connections = pool.object("tcp").integer("maxConnections", 0);
    if (connections > 0) {
      long waiting = pool.object("http").integer("http1MaxPendingRequests", 0);
      int underWay = (int) Math.min(Integer.MAX_VALUE, connections + waiting);
      requests = requests == 0 ? underWay : Math.min(requests, underWay);
    }
    return requests;
  }
}
