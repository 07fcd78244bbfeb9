package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked for. All the lists that are not empty must hold (Istio Operation). */
public final class Operation {
  /** Host names, without regard to case; empty means any. */
  public final List<String> hosts;

  /** As {@link #hosts}, none of which may match. */
  public final List<String> notHosts;

  /** Local port numbers; empty means any. */
  public final List<String> ports;

  /** As {@link #ports}, none of which may match. */
  public final List<String> notPorts;

  /** Methods, with regard to case; empty means any. */
  public final List<String> methods;

  /** As {@link #methods}, none of which may match. */
  public final List<String> notMethods;

  /**
   * Normalised paths without the query; also <code>{*}</code> and <code>{**}</code> templates;
   * empty means any.
   */
  public final List<String> paths;

  /** As {@link #paths}, none of which may match. */
  public final List<String> notPaths;

  private Operation(Builder b) {
    this.hosts = Copies.of(b.hosts);
    this.notHosts = Copies.of(b.notHosts);
    this.ports = Copies.of(b.ports);
    this.notPorts = Copies.of(b.notPorts);
    this.methods = Copies.of(b.methods);
    this.notMethods = Copies.of(b.notMethods);
    this.paths = Copies.of(b.paths);
    this.notPaths = Copies.of(b.notPaths);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .hosts(hosts)
        .notHosts(notHosts)
        .ports(ports)
        .notPorts(notPorts)
        .methods(methods)
        .notMethods(notMethods)
        .paths(paths)
        .notPaths(notPaths);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      hosts, notHosts, ports, notPorts, methods, notMethods, paths, notPaths
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Operation && Arrays.equals(fields(), ((Operation) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Operation" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private List<String> hosts = Collections.emptyList();
    private List<String> notHosts = Collections.emptyList();
    private List<String> ports = Collections.emptyList();
    private List<String> notPorts = Collections.emptyList();
    private List<String> methods = Collections.emptyList();
    private List<String> notMethods = Collections.emptyList();
    private List<String> paths = Collections.emptyList();
    private List<String> notPaths = Collections.emptyList();

    private Builder() {}

    /** Sets {@link Operation#hosts}. */
    public Builder hosts(List<String> hosts) {
      this.hosts = hosts;
      return this;
    }

    /** Sets {@link Operation#notHosts}. */
    public Builder notHosts(List<String> notHosts) {
      this.notHosts = notHosts;
      return this;
    }

    /** Sets {@link Operation#ports}. */
    public Builder ports(List<String> ports) {
      this.ports = ports;
      return this;
    }

    /** Sets {@link Operation#notPorts}. */
    public Builder notPorts(List<String> notPorts) {
      this.notPorts = notPorts;
      return this;
    }

    /** Sets {@link Operation#methods}. */
    public Builder methods(List<String> methods) {
      this.methods = methods;
      return this;
    }

    /** Sets {@link Operation#notMethods}. */
    public Builder notMethods(List<String> notMethods) {
      this.notMethods = notMethods;
      return this;
    }

    /** Sets {@link Operation#paths}. */
    public Builder paths(List<String> paths) {
      this.paths = paths;
      return this;
    }

    /** Sets {@link Operation#notPaths}. */
    public Builder notPaths(List<String> notPaths) {
      this.notPaths = notPaths;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Operation build() {
      return new Operation(this);
    }
  }
}
