package dev.weft.dataplane.resilience;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Lasting state by canonical host, so that a new snapshot finds what the old one learned. */
public final class StateRegistry {
  private final Map<String, ServiceState> services = new ConcurrentHashMap<>();
  private final LongSupplier nanos;
  private volatile Consumer<String> ejections = host -> {};

  /**
   * A registry that knows nothing yet.
   *
   * @param nanos the data plane's clock
   */
  public StateRegistry(LongSupplier nanos) {
    this.nanos = nanos;
  }

  long nanoTime() {
    return nanos.getAsLong();
  }

  /** State of a service, made when it is new. */
  public ServiceState service(String host) {
    return services.computeIfAbsent(host, key -> new ServiceState(key, this));
  }

  /** Tells of each ejection the canonical host it happened at; must be cheap and not throw. */
  public void onEjection(Consumer<String> listener) {
    this.ejections = listener;
  }

  void ejected(String host) {
    try {
      ejections.accept(host);
    } catch (RuntimeException ignored) {
      // Whoever counts must not keep a failing endpoint in rotation.
    }
  }

  /** Forgets all services but these. */
  public void retain(Set<String> hosts) {
    services.keySet().retainAll(hosts);
  }
}
