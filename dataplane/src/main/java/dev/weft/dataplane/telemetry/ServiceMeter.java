package dev.weft.dataplane.telemetry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The meters of one service in one direction: those of its routes, and what is in flight.
 * Thread-safe.
 */
public final class ServiceMeter {

  private final String direction;
  private final String service;
  private final LongAdder active;
  private final Function<String, RequestMeter> open;
  private final Map<String, RequestMeter> routes = new ConcurrentHashMap<>();

  ServiceMeter(
      String direction, String service, LongAdder active, Function<String, RequestMeter> open) {
    this.direction = direction;
    this.service = service;
    this.active = active;
    this.open = open;
  }

  String direction() {
    return direction;
  }

  /** Name of the service, or what stands for those that are not told apart. */
  String service() {
    return service;
  }

  /** Requests in flight; add one when a request begins and take one away when it ends. */
  public LongAdder active() {
    return active;
  }

  /** The meter of a route, by the route's name; finding one that exists allocates nothing. */
  public RequestMeter route(String name) {
    RequestMeter known = routes.get(name);
    if (known != null) {
      return known;
    }
    RequestMeter opened = open.apply(name);
    // Beyond the cap all names share a meter, which is then not remembered under each of them.
    return routes.size() >= Meters.MAX_SERIES
        ? opened
        : routes.computeIfAbsent(name, absent -> opened);
  }
}
