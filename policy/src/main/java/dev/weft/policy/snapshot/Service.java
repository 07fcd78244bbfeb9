package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A destination that callers name by authority. */
public final class Service {
  /**
   * Canonical host, for a registry service its FQDN: the key that {@link Backend#host} refers to.
   */
  public final String host;

  /** Short name, as in metrics and spans. */
  public final String name;

  /** Namespace that owns the service. */
  public final String namespace;

  /** Lower-case host names, without a port, by which this agent may call the service. */
  public final List<String> authorities;

  /** Ports in an authority that mean this service; empty means any port. */
  public final List<Integer> ports;

  /** Outside the mesh (a ServiceEntry with location MESH_EXTERNAL). */
  public final boolean external;

  /** Every live endpoint of the service, before subsets. */
  public final List<Endpoint> endpoints;

  /** Policy for calls that go to no subset. */
  public final TrafficPolicy trafficPolicy;

  /** Named parts of the service. */
  public final List<Subset> subsets;

  /** Routes in the order in which they are tried; empty means the whole service without a rule. */
  public final List<Route> routes;

  /**
   * Routes of connections whose requests nobody reads; their matches ask for the port alone. Where
   * none matches, connections go to the whole service; without any, {@link #routes} decide that ask
   * nothing.
   */
  public final List<Route> connectionRoutes;

  private Service(Builder b) {
    this.host = b.host;
    this.name = b.name;
    this.namespace = b.namespace;
    this.authorities = Copies.of(b.authorities);
    this.ports = Copies.of(b.ports);
    this.external = b.external;
    this.endpoints = Copies.of(b.endpoints);
    this.trafficPolicy = b.trafficPolicy;
    this.subsets = Copies.of(b.subsets);
    this.routes = Copies.of(b.routes);
    this.connectionRoutes = Copies.of(b.connectionRoutes);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .host(host)
        .name(name)
        .namespace(namespace)
        .authorities(authorities)
        .ports(ports)
        .external(external)
        .endpoints(endpoints)
        .trafficPolicy(trafficPolicy)
        .subsets(subsets)
        .routes(routes)
        .connectionRoutes(connectionRoutes);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      host,
      name,
      namespace,
      authorities,
      ports,
      external,
      endpoints,
      trafficPolicy,
      subsets,
      routes,
      connectionRoutes
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Service && Arrays.equals(fields(), ((Service) other).fields()));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Service" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String host = "";
    private String name = "";
    private String namespace = "";
    private List<String> authorities = Collections.emptyList();
    private List<Integer> ports = Collections.emptyList();
    private boolean external;
    private List<Endpoint> endpoints = Collections.emptyList();
    private TrafficPolicy trafficPolicy = TrafficPolicy.defaults();
    private List<Subset> subsets = Collections.emptyList();
    private List<Route> routes = Collections.emptyList();
    private List<Route> connectionRoutes = Collections.emptyList();

    private Builder() {}

    /** Sets {@link Service#host}. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Sets {@link Service#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link Service#namespace}. */
    public Builder namespace(String namespace) {
      this.namespace = namespace;
      return this;
    }

    /** Sets {@link Service#authorities}. */
    public Builder authorities(List<String> authorities) {
      this.authorities = authorities;
      return this;
    }

    /** Sets {@link Service#ports}. */
    public Builder ports(List<Integer> ports) {
      this.ports = ports;
      return this;
    }

    /** Sets {@link Service#external}. */
    public Builder external(boolean external) {
      this.external = external;
      return this;
    }

    /** Sets {@link Service#endpoints}. */
    public Builder endpoints(List<Endpoint> endpoints) {
      this.endpoints = endpoints;
      return this;
    }

    /** Sets {@link Service#trafficPolicy}. */
    public Builder trafficPolicy(TrafficPolicy trafficPolicy) {
      this.trafficPolicy = trafficPolicy;
      return this;
    }

    /** Sets {@link Service#subsets}. */
    public Builder subsets(List<Subset> subsets) {
      this.subsets = subsets;
      return this;
    }

    /** Sets {@link Service#routes}. */
    public Builder routes(List<Route> routes) {
      this.routes = routes;
      return this;
    }

    /** Sets {@link Service#connectionRoutes}. */
    public Builder connectionRoutes(List<Route> connectionRoutes) {
      this.connectionRoutes = connectionRoutes;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Service build() {
      return new Service(this);
    }
  }
}
