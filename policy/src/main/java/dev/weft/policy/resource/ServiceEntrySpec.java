package dev.weft.policy.resource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a ServiceEntry says. Immutable. */
public final class ServiceEntrySpec {
  /** Host names, and {@code *.suffix}. */
  public final List<String> hosts;

  /** Outside the mesh, the default; false for {@code MESH_INTERNAL}. */
  public final boolean external;

  /** The first port at which it is called by HTTP; where there is none, the first one. */
  public final Port port;

  /** Labels of the workloads of its namespace that answer, or null when endpoints are given. */
  public final @Nullable Map<String, String> selector;

  /** IP addresses by which it may be called, too. */
  public final List<String> addresses;

  /** Blocks of IP addresses (CIDR) that are known; calls to them are left to the application. */
  public final List<String> blocks;

  /** SPIFFE IDs of which a server must have one; empty for any that its endpoint has. */
  public final List<String> subjectAltNames;

  /** To whom it is there. */
  public final Visibility visibility;

  private final List<Port> ports;
  private final List<SpecFields> endpoints;
  private final boolean lookedUp;
  private final boolean mapsPorts;

  private ServiceEntrySpec(SpecFields spec, String namespace) {
    List<Port> ports = spec.objects("ports", Port::new);
    this.hosts = Collections.unmodifiableList(spec.texts("hosts"));
    this.external = spec.text("location", "MESH_EXTERNAL").equals("MESH_EXTERNAL");
    this.port = httpPort(ports);
    this.ports = ports;
    String resolution = spec.text("resolution", "NONE");
    this.selector =
        spec.has("workloadSelector") && !resolution.equals("NONE")
            ? Collections.unmodifiableMap(spec.object("workloadSelector").textMap("labels"))
            : null;
    this.endpoints = spec.objects("endpoints", endpoint -> endpoint);
    this.lookedUp = selector == null && !resolution.equals("STATIC");
    // Istio: without a resolution the address and port are the caller's own.
    this.mapsPorts = !resolution.equals("NONE");
    List<String> single = new ArrayList<>();
    List<String> blocks = new ArrayList<>();
    for (String address : spec.texts("addresses")) {
      (address.indexOf('/') < 0 ? single : blocks).add(address);
    }
    this.addresses = Collections.unmodifiableList(single);
    this.blocks = Collections.unmodifiableList(blocks);
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
    return ports.isEmpty() ? new Port(SpecFields.of(Collections.emptyMap())) : ports.get(0);
  }

  /**
   * Returns the ports of a host to which the mesh makes the calls; those to others are left to the
   * application, which finds the address itself.
   */
  public List<Port> routed(String host) {
    List<Port> routed = new ArrayList<>();
    for (Port each : ports) {
      if (each.http && !host.startsWith("*")) {
        routed.add(each);
      }
    }
    return routed;
  }

  /** Returns the number of the port of that name to which the mesh makes the calls; 0 for none. */
  public int portNamed(String name) {
    for (Port each : ports) {
      if (each.http && each.name.equals(name)) {
        return each.number;
      }
    }
    return 0;
  }

  /** Returns the numbers of the ports of a host that are left to the application. */
  public List<Integer> untouched(String host) {
    List<Integer> numbers = new ArrayList<>();
    for (Port each : ports) {
      if (!each.http || host.startsWith("*")) {
        numbers.add(each.number);
      }
    }
    return numbers;
  }

  /** Returns the numbers of all ports. */
  public List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    for (Port each : ports) {
      numbers.add(each.number);
    }
    return numbers;
  }

  /**
   * Returns where one of the hosts answers for a port: the endpoints, or the host itself by its
   * name; empty when workloads are chosen.
   */
  public List<StaticEndpoint> endpointsOf(String host, Port port) {
    List<StaticEndpoint> found = new ArrayList<>();
    if (endpoints.isEmpty() && lookedUp) {
      found.add(new StaticEndpoint(host, mapsPorts ? port.targetPort : port.number));
    }
    for (SpecFields endpoint : endpoints) {
      found.add(new StaticEndpoint(endpoint, port));
    }
    return found;
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

    /** The account whose identity it has to show over mesh TLS; empty where it takes none. */
    public final String serviceAccount;

    private StaticEndpoint(String host, int port) {
      this.address = host;
      this.port = port;
      this.labels = Collections.emptyMap();
      this.locality = "";
      this.weight = 1;
      this.serviceAccount = "";
    }

    StaticEndpoint(SpecFields endpoint, Port port) {
      this.address = endpoint.text("address", "");
      this.port = endpoint.object("ports").integer(port.name, port.targetPort);
      Map<String, String> labels = new LinkedHashMap<>();
      String network = endpoint.text("network", "");
      if (!network.isEmpty()) {
        labels.put(WorkloadGroupSpec.NETWORK_LABEL, network);
      }
      labels.putAll(endpoint.textMap("labels"));
      this.labels = Collections.unmodifiableMap(labels);
      // Istio: an account means a sidecar, where no label says otherwise.
      boolean mtls = labels.getOrDefault(WorkloadEntryKind.TLS_MODE_LABEL, "istio").equals("istio");
      this.serviceAccount = mtls ? endpoint.text("serviceAccount", "") : "";
      this.locality = endpoint.text("locality", "");
      this.weight = Math.max(1, endpoint.integer("weight", 1));
    }
  }
}
