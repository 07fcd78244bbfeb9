package dev.weft.policy.resource;

import java.util.Locale;

/** Host names of resources: short names, wildcards and how they relate. */
public final class HostNames {
  private HostNames() {}

  /**
   * Returns a host of a resource in full: a name without a dot means a service of the resource's
   * own namespace (Istio: {@code reviews} means {@code reviews.default.svc.cluster.local}), and
   * {@code name.namespace} and {@code name.namespace.svc} are completed.
   */
  public static String inFull(String host, String namespace, String trustDomain) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    if (name.indexOf('.') < 0 && !name.startsWith("*")) {
      return name + "." + namespace + ".svc." + trustDomain;
    }
    return name.endsWith(".svc") && name.split("\\.", -1).length == 3
        ? name + "." + trustDomain
        : name;
  }

  /** Returns whether a pattern, a name or {@code *suffix}, covers a name; case is ignored. */
  public static boolean matches(String pattern, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String wanted = pattern.toLowerCase(Locale.ROOT);
    return wanted.startsWith("*") ? lower.endsWith(wanted.substring(1)) : lower.equals(wanted);
  }

  /** Returns whether there is a name that both cover; case counts. */
  public static boolean overlap(String a, String b) {
    if (a.startsWith("*") && b.startsWith("*")) {
      return a.endsWith(b.substring(1)) || b.endsWith(a.substring(1));
    }
    if (b.startsWith("*")) {
      return a.endsWith(b.substring(1));
    }
    return a.startsWith("*") ? b.endsWith(a.substring(1)) : a.equals(b);
  }
}
