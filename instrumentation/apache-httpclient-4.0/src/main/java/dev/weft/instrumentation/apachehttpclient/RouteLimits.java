package dev.weft.instrumentation.apachehttpclient;

import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.pool.ConnPoolControl;
import org.jspecify.annotations.Nullable;

/** Limits of a pool per route, which later versions of the library can tell. */
final class RouteLimits {
  private static final boolean TOLD = isThere("org.apache.http.pool.ConnPoolControl");

  private RouteLimits() {}

  /** A limit that the application set for the service's route holds for each instance. */
  static void inherit(@Nullable Object pool, HttpRoute service, HttpRoute instance) {
    if (TOLD) {
      Control.inherit(pool, service, instance);
    }
  }

  private static boolean isThere(String className) {
    try {
      Class.forName(className, false, RouteLimits.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Linked only where the library has the interface, from 4.2 on. */
  private static final class Control {
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
