package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One service as the request path reads it. Immutable once its snapshot is published. */
public final class CompiledService {
  private final Service document;
  private final EndpointPool whole;
  private final Map<String, EndpointPool> subsets;
  private final int[] ports;
  private CompiledRoute[] routes = new CompiledRoute[0];
  private CompiledRoute[] connectionRoutes = new CompiledRoute[0];
  private @Nullable CompiledRoute connectionRoute;

  private CompiledService(Service document, EndpointPool whole, Map<String, EndpointPool> subsets) {
    this.document = document;
    this.whole = whole;
    this.subsets = subsets;
    this.ports = new int[document.ports.size()];
    int i = 0;
    for (Integer port : document.ports) {
      ports[i++] = port;
    }
  }

  static CompiledService of(
      Service document, EndpointPool whole, Map<String, EndpointPool> subsets) {
    return new CompiledService(document, whole, subsets);
  }

  /**
   * Second step of compiling: routes name the pools of other services, which have to exist first.
   *
   * @param connections for connections alone
   */
  void routes(CompiledRoute[] compiled, CompiledRoute[] connections, CompiledRoute direct) {
    this.routes = compiled;
    this.connectionRoutes = connections;
    this.connectionRoute = direct;
    if (connections.length > 0) {
      return;
    }
    for (CompiledRoute route : compiled) {
      if (route.matchesAll() && route.answer() == null) {
        this.connectionRoute = route;
        break;
      }
    }
  }

  /** Canonical host. */
  public String host() {
    return document.host;
  }

  /** Whether it stands for hosts that no service has, and policy refuses calls to them. */
  public boolean refusesCalls() {
    return document.host.equals(UnknownHosts.NAME);
  }

  /** The service as the control server described it. */
  public Service document() {
    return document;
  }

  /** Whether an authority with this port means this service. */
  boolean listens(int port) {
    if (ports.length == 0) {
      return true;
    }
    for (int own : ports) {
      if (own == port) {
        return true;
      }
    }
    return false;
  }

  /** All endpoints, under the policy of the service itself. */
  public EndpointPool whole() {
    return whole;
  }

  /** The pool of a subset, of the whole service for null, or null when there is no such subset. */
  public @Nullable EndpointPool pool(@Nullable String subset) {
    return subset == null || subset.isEmpty() ? whole : subsets.get(subset);
  }

  /** All pools, that of the whole service first. */
  public List<EndpointPool> pools() {
    List<EndpointPool> pools = new ArrayList<>();
    whole.addTo(pools);
    for (EndpointPool subset : subsets.values()) {
      subset.addTo(pools);
    }
    return pools;
  }

  /**
   * The pool of a subset, or of the whole service, for calls to a port.
   *
   * @param port the one that a route names, 0 when it names none: then the only one of the service,
   *     or the one that the request names
   */
  public @Nullable EndpointPool pool(@Nullable String subset, int port, RequestHead request) {
    EndpointPool pool = pool(subset);
    return pool == null ? null : onPort(pool, port, request);
  }

  EndpointPool onPort(EndpointPool pool, int port, RequestHead request) {
    if (!pool.differsByPort()) {
      return pool;
    }
    int only = ports.length == 1 ? ports[0] : 0;
    int called = port > 0 ? port : only;
    return pool.onPort(
        called > 0 ? called : Authorities.portOf(request.authority(), request.scheme()));
  }

  /**
   * The route of a connection whose requests nobody reads: the first one for connections that
   * matches its port; where policy has none for connections, the first that asks nothing of
   * requests and answers none; or straight to all endpoints. Null only before the snapshot is
   * published.
   */
  public @Nullable CompiledRoute connectionRoute(RequestHead connection) {
    for (CompiledRoute route : connectionRoutes) {
      if (route.matches(connection)) {
        return route;
      }
    }
    return connectionRoute;
  }

  /** In their order, those of the document first to last, or the one that a service without has. */
  CompiledRoute[] routes() {
    return routes;
  }

  /** The first route that matches, or null. */
  public @Nullable CompiledRoute route(RequestHead request) {
    for (CompiledRoute route : routes) {
      if (route.matches(request)) {
        return route;
      }
    }
    return null;
  }
}
