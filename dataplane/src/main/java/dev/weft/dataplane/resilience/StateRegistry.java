package dev.weft.dataplane.resilience;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lasting state by canonical host, so that a new snapshot finds what the old one learned. */
public final class StateRegistry {
  private final Map<String, ServiceState> services = new ConcurrentHashMap<>();

  /** State of a service, made when it is new. */
  public ServiceState service(String host) {
    return services.computeIfAbsent(host, key -> new ServiceState());
  }

  /** Forgets all services but these. */
  public void retain(Set<String> hosts) {
    services.keySet().retainAll(hosts);
  }
}
