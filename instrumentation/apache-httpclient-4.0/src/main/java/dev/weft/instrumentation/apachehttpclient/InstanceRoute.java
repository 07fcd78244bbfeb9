package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.http.HttpHost;
import org.apache.http.client.utils.URIUtils;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.pool.ConnPoolControl;
import org.jspecify.annotations.Nullable;

/**
 * The route of an attempt: a host name made of its pool key, so that connections are shared between
 * attempts alike and never between instances, plaintext and mTLS, or trust generations. Nobody
 * resolves that name: the mesh connects.
 */
final class InstanceRoute {
  /** Whether the library can tell the limits of a pool per route, as later versions can. */
  private static final boolean LIMITS_TOLD = isThere("org.apache.http.pool.ConnPoolControl");

  private InstanceRoute() {}

  /**
   * The route of an attempt at a service. A limit that the application set for the service's route
   * in {@code pool} holds for each instance.
   */
  static HttpRoute of(Attempt attempt, @Nullable Object pool, HttpRoute service) {
    HttpRoute instance = new HttpRoute(new HttpHost(attempt.poolKey(), attempt.port(), "http"));
    if (LIMITS_TOLD) {
      Limits.inherit(pool, service, instance);
    }
    return instance;
  }

  /**
   * What to ask an instance for, which is called directly: past a proxy that the planner may have
   * chosen, and that would be asked for a whole URI.
   */
  static @Nullable URI direct(@Nullable URI asked, HttpRoute service) throws IOException {
    if (asked == null || service.getProxyHost() == null) {
      return asked;
    }
    try {
      return URIUtils.rewriteURI(asked, null);
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static boolean isThere(String className) {
    try {
      Class.forName(className, false, InstanceRoute.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Linked only where the library has the interface, from 4.2 on. */
  private static final class Limits {
    static void inherit(@Nullable Object pool, HttpRoute service, HttpRoute instance) {
      if (!(pool instanceof ConnPoolControl)) {
        return;
      }
      @SuppressWarnings("unchecked")
      ConnPoolControl<HttpRoute> control = (ConnPoolControl<HttpRoute>) pool;
      int limit = control.getMaxPerRoute(service);
      if (limit != control.getDefaultMaxPerRoute() && control.getMaxPerRoute(instance) != limit) {
        control.setMaxPerRoute(instance, limit);
      }
    }
  }
}
