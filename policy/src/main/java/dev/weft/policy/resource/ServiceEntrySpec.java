package dev.weft.policy.resource;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What a ServiceEntry says. Immutable. */
public final class ServiceEntrySpec {
  /** Host names, without wildcards. */
  public final List<String> hosts;

  /** Outside the mesh, the default; false for {@code MESH_INTERNAL}. */
  public final boolean external;

  /** The one port at which the service is called. */
  public final Port port;

  /** Where it answers. */
  public final List<StaticEndpoint> endpoints;

  /** To whom it is there. */
  public final Visibility visibility;

  private ServiceEntrySpec(
      List<String> hosts,
      boolean external,
      Port port,
      List<StaticEndpoint> endpoints,
      Visibility visibility) {
    this.hosts = Collections.unmodifiableList(hosts);
    this.external = external;
    this.port = port;
    this.endpoints = Collections.unmodifiableList(endpoints);
    this.visibility = visibility;
  }

  static ServiceEntrySpec of(SpecFields spec, String namespace) {
    Port port = spec.objects("ports", Port::new).get(0);
    return new ServiceEntrySpec(
        spec.texts("hosts"),
        spec.text("location", "MESH_EXTERNAL").equals("MESH_EXTERNAL"),
        port,
        spec.objects("endpoints", endpoint -> new StaticEndpoint(endpoint, port)),
        Visibility.of(spec.texts(Visibility.FIELD), namespace));
  }

  /** A port of the service. Immutable. */
  public static final class Port {
    /** Name. */
    public final String name;

    /** Number in the authority of a call. */
    public final int number;

    /** Number to connect to where an endpoint does not say otherwise. */
    public final int targetPort;

    private Port(SpecFields port) {
      this.name = port.text("name", "");
      this.number = port.integer("number", 0);
      this.targetPort = port.integer("targetPort", number);
    }
  }

  /** An endpoint. Immutable. */
  public static final class StaticEndpoint {
    /** IP address. */
    public final String address;

    /** Port to connect to. */
    public final int port;

    /** Labels that subsets select by. */
    public final Map<String, String> labels;

    /** {@code region/zone/sub-zone}, or empty. */
    public final String locality;

    /** Share of traffic, at least 1. */
    public final int weight;

    private StaticEndpoint(SpecFields endpoint, Port port) {
      this.address = endpoint.text("address", "");
      this.port = endpoint.object("ports").integer(port.name, port.targetPort);
      this.labels = Collections.unmodifiableMap(endpoint.textMap("labels"));
      this.locality = endpoint.text("locality", "");
      this.weight = Math.max(1, endpoint.integer("weight", 1));
    }
  }
}
