package dev.weft.policy.resource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a ServiceEntry says. Immutable. */
public final class ServiceEntrySpec {
  /** Host names, and {@code *.suffix}. */
  public final List<String> hosts;

  /** Outside the mesh, the default; false for {@code MESH_INTERNAL}. */
  public final boolean external;

  /** The port at which it is called by HTTP; where there is none, the first one. */
  public final Port port;

  /** Where it answers; empty when workloads are chosen. */
  public final List<StaticEndpoint> endpoints;

  /** Labels of the workloads of its namespace that answer, or null when endpoints are given. */
  public final @Nullable Map<String, String> selector;

  /** IP addresses by which it may be called, too. */
  public final List<String> addresses;

  /** SPIFFE IDs of which a server must have one; empty for any that its endpoint has. */
  public final List<String> subjectAltNames;

  /** To whom it is there. */
  public final Visibility visibility;

  private final List<Port> ports;
  private final boolean lookedUp;
  private final int lookedUpPort;

  private ServiceEntrySpec(SpecFields spec, String namespace) {
    List<Port> ports = spec.objects("ports", Port::new);
    this.hosts = Collections.unmodifiableList(spec.texts("hosts"));
    this.external = spec.text("location", "MESH_EXTERNAL").equals("MESH_EXTERNAL");
    this.port = httpPort(ports);
    this.ports = ports;
    this.selector =
        spec.has("workloadSelector")
            ? Collections.unmodifiableMap(spec.object("workloadSelector").textMap("labels"))
            : null;
    this.endpoints =
        Collections.unmodifiableList(
            spec.objects("endpoints", endpoint -> new StaticEndpoint(endpoint, port)));
    String resolution = spec.text("resolution", "NONE");
    this.lookedUp = selector == null && !resolution.equals("STATIC");
    // Istio: without a resolution the address and port are the caller's own.
    this.lookedUpPort = resolution.equals("NONE") ? port.number : port.targetPort;
    this.addresses = Collections.unmodifiableList(spec.texts("addresses"));
    this.subjectAltNames = Collections.unmodifiableList(spec.texts("subjectAltNames"));
    this.visibility = Visibility.of(spec.texts(Visibility.FIELD), namespace);
  }

  static ServiceEntrySpec of(SpecFields spec, String namespace) {
    return new ServiceEntrySpec(spec, namespace);
  }

  private static Port httpPort(List<Port> ports) {
    for (Port port : ports) {
      if (port.http) {
        return port;
      }
    }
    return ports.get(0);
  }

  /**
   * Returns whether the mesh makes calls to {@link #port} of a host; if not they are left to the
   * application, which finds the address itself.
   */
  public boolean routes(String host) {
    return port.http && !host.startsWith("*");
  }

  /** Returns the numbers of the ports of a host that are left to the application. */
  public List<Integer> untouched(String host) {
    List<Integer> numbers = new ArrayList<>();
    for (Port each : ports) {
      if (each != port || !routes(host)) {
        numbers.add(each.number);
      }
    }
    return numbers;
  }

  /** Returns where one of the hosts answers: the endpoints, or the host itself by its name. */
  public List<StaticEndpoint> endpointsOf(String host) {
    return endpoints.isEmpty() && lookedUp
        ? Collections.singletonList(new StaticEndpoint(host, lookedUpPort))
        : endpoints;
  }

  /** A port of the service. Immutable. */
  public static final class Port {
    /** Name. */
    public final String name;

    /** Number in the authority of a call. */
    public final int number;

    /** Number to connect to where an endpoint does not say otherwise. */
    public final int targetPort;

    private final boolean http;

    private Port(SpecFields port) {
      this.name = port.text("name", "");
      this.number = port.integer("number", 0);
      this.targetPort = port.integer("targetPort", number);
      this.http = ServiceEntryKind.isHttp(port.text("protocol", ""));
    }
  }

  /** An endpoint. Immutable. */
  public static final class StaticEndpoint {
    /** IP address, or a name to be looked up when it is connected to. */
    public final String address;

    /** Port to connect to. */
    public final int port;

    /** Labels that subsets select by. */
    public final Map<String, String> labels;

    /** {@code region/zone/sub-zone}, or empty. */
    public final String locality;

    /** Share of traffic, at least 1. */
    public final int weight;

    private StaticEndpoint(String host, int port) {
      this.address = host;
      this.port = port;
      this.labels = Collections.emptyMap();
      this.locality = "";
      this.weight = 1;
    }

    StaticEndpoint(SpecFields endpoint, Port port) {
      this.address = endpoint.text("address", "");
      this.port = endpoint.object("ports").integer(port.name, port.targetPort);
      this.labels = Collections.unmodifiableMap(endpoint.textMap("labels"));
      this.locality = endpoint.text("locality", "");
      this.weight = Math.max(1, endpoint.integer("weight", 1));
    }
  }
}
