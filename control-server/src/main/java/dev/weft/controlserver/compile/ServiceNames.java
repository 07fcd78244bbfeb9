package dev.weft.controlserver.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a service of the registry is called: {@code orders}, {@code orders.shop}, ..., and which of
 * these is canonical.
 */
final class ServiceNames {
  private ServiceNames() {}

  /** The canonical host of a registry service: {@code orders.shop.svc.cluster.local}. */
  static String canonical(String service, String namespace, String trustDomain) {
    return (service + "." + namespace + ".svc." + trustDomain).toLowerCase(Locale.ROOT);
  }

  /** Every name by which a caller in {@code callerNamespace} may call it, the shortest first. */
  static List<String> authorities(
      String service, String namespace, String trustDomain, String callerNamespace) {
    String name = service.toLowerCase(Locale.ROOT);
    List<String> names = new ArrayList<>();
    if (callerNamespace.equals(namespace)) {
      names.add(name);
    }
    names.add(name + "." + namespace);
    names.add(name + "." + namespace + ".svc");
    names.add(canonical(service, namespace, trustDomain));
    return names;
  }
}
