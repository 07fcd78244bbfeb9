package dev.weft.policy.resource;

/** A destination that a route names: a service of some namespace, or a host name. Immutable. */
public final class BackendRef {
  /** Namespace of the service; empty for a host name, which is in none. */
  public final String namespace;

  /** Name of the service, or the host name. */
  public final String name;

  private BackendRef(String namespace, String name) {
    this.namespace = namespace;
    this.name = name;
  }

  static BackendRef of(SpecFields backend, String routeNamespace) {
    boolean hostname = backend.text("kind", "Service").equals("Hostname");
    return new BackendRef(
        hostname ? "" : backend.text("namespace", routeNamespace), backend.text("name", ""));
  }

  /** Returns the host as resources write it: {@code name.namespace.svc}, or the host name. */
  public String host() {
    return namespace.isEmpty() ? name : name + "." + namespace + ".svc";
  }
}
