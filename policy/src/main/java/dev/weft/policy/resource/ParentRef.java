package dev.weft.policy.resource;

/** A service, or the services of a ServiceEntry, whose callers a route is for. Immutable. */
public final class ParentRef {
  /** Whether a ServiceEntry is named, not a service. */
  public final boolean serviceEntry;

  /** Namespace of the parent; the route is a consumer's when it is not its own. */
  public final String namespace;

  /** Name within the namespace. */
  public final String name;

  /** Port of the authority of calls, or 0 for any. */
  public final int port;

  /** Name of a port of the ServiceEntry, or empty for any. */
  public final String sectionName;

  private ParentRef(SpecFields parent, String routeNamespace) {
    this.serviceEntry = parent.text("kind", "Service").equals("ServiceEntry");
    this.namespace = parent.text("namespace", routeNamespace);
    this.name = parent.text("name", "");
    this.port = parent.integer("port", 0);
    this.sectionName = parent.text("sectionName", "");
  }

  static ParentRef of(SpecFields parent, String routeNamespace) {
    return new ParentRef(parent, routeNamespace);
  }

  /** Returns the host of the service as resources write it, {@code name.namespace.svc}. */
  public String host() {
    return name + "." + namespace + ".svc";
  }
}
