package dev.weft.dataplane.resilience;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What outlives snapshots about one service. Thread-safe. */
public final class ServiceState {
  private final Map<String, EndpointState> endpoints = new ConcurrentHashMap<>();
  private final Map<String, DestinationState> destinations = new ConcurrentHashMap<>();
  private final AtomicInteger ejected = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger();
  private final AtomicInteger healthChanges = new AtomicInteger();

  private final String host;
  private final StateRegistry registry;

  ServiceState(String host, StateRegistry registry) {
    this.host = host;
    this.registry = registry;
  }

  /** State of an endpoint, made when it is new. */
  public EndpointState endpoint(String id) {
    return endpoints.computeIfAbsent(id, key -> new EndpointState(this, key, registry.nanoTime()));
  }

  /** State of the whole service (name {@code ""}) or of a subset. */
  public DestinationState destination(String subset) {
    return destinations.computeIfAbsent(subset, key -> new DestinationState());
  }

  /** Forgets all endpoints but these. */
  public void retain(Set<String> ids) {
    endpoints
        .values()
        .removeIf(
            state -> {
              boolean gone = !ids.contains(state.id());
              if (gone) {
                state.retire();
              }
              return gone;
            });
  }

  /** How many endpoints are out. */
  public int ejected() {
    return ejected.get();
  }

  /** How many endpoints fail their health checks. */
  public int failing() {
    return failing.get();
  }

  void addFailing(int count) {
    failing.addAndGet(count);
    healthChanges.incrementAndGet();
  }

  /** Another number than before when an endpoint has gone out or come back since. */
  public int healthChanges() {
    return healthChanges.get();
  }

  /** How many endpoints are known. */
  public int size() {
    return endpoints.size();
  }

  /** Takes one of the places under the cap, or says that there is none. */
  boolean reserveEjection(OutlierSettings settings) {
    int most = settings.mostEjected(endpoints.size());
    for (; ; ) {
      int now = ejected.get();
      if (now >= most) {
        return false;
      }
      if (ejected.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  long nanoTime() {
    return registry.nanoTime();
  }

  /** An endpoint has gone out, or stays out. */
  void tellEjection() {
    healthChanges.incrementAndGet();
    registry.ejected(host);
  }

  void releaseEjection() {
    ejected.decrementAndGet();
    healthChanges.incrementAndGet();
  }
}
