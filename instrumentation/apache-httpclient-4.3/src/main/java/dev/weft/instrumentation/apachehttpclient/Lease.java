package dev.weft.instrumentation.apachehttpclient;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import org.apache.http.conn.routing.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * What a request director holds as its connection while the mesh sends its hop: the connection of
 * the attempt that was answered, and before and without one a closed connection. The director may
 * mark, release and close it as its own. The interface differs between versions of the library,
 * therefore it is implemented by a proxy. For one thread, but for {@link #shutdown}.
 */
@SuppressWarnings("deprecation") // the deprecated clients are what this is for
final class Lease implements InvocationHandler {
  private final org.apache.http.conn.ClientConnectionManager manager;
  private final HttpRoute route;
  private volatile org.apache.http.conn.@Nullable ManagedClientConnection held;

  private Lease(org.apache.http.conn.ClientConnectionManager manager, HttpRoute route) {
    this.manager = manager;
    this.route = route;
  }

  /** The connection that the director shall hold for a hop to {@code route}. */
  static Object connection(org.apache.http.conn.ClientConnectionManager manager, HttpRoute route) {
    // Past a proxy that the planner may have chosen: instances are called directly.
    HttpRoute direct = route.getHopCount() > 1 ? new HttpRoute(route.getTargetHost()) : route;
    Class<?> type = org.apache.http.conn.ManagedClientConnection.class;
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new Lease(manager, direct));
  }

  /** The lease behind what a director holds; null when it holds a connection of its own. */
  static @Nullable Lease of(@Nullable Object connection) {
    if (connection == null || !Proxy.isProxyClass(connection.getClass())) {
      return null;
    }
    InvocationHandler handler = Proxy.getInvocationHandler(connection);
    return handler instanceof Lease ? (Lease) handler : null;
  }

  org.apache.http.conn.ClientConnectionManager manager() {
    return manager;
  }

  /** The service's route, without proxies. */
  HttpRoute route() {
    return route;
  }

  void hold(org.apache.http.conn.ManagedClientConnection connection) {
    held = connection;
  }

  /** Gives the connection back, to be used again or, when it is not marked so, to be closed. */
  void release() {
    org.apache.http.conn.ManagedClientConnection connection = held;
    held = null;
    if (connection != null) {
      try {
        connection.releaseConnection();
      } catch (IOException e) {
        // The manager closes it then.
      }
    }
  }

  /**
   * Gives the connection back to be used again.
   *
   * @param idleMillis for how long it may be kept, not positive for ever
   */
  void releaseReusable(long idleMillis) {
    org.apache.http.conn.ManagedClientConnection connection = held;
    if (connection != null) {
      connection.setIdleDuration(idleMillis, TimeUnit.MILLISECONDS);
      connection.markReusable();
    }
    release();
  }

  void abort() throws IOException {
    org.apache.http.conn.ManagedClientConnection connection = held;
    held = null;
    if (connection != null) {
      connection.abortConnection();
    }
  }

  /** Closes the connection under the thread that uses it. */
  void shutdown() throws IOException {
    org.apache.http.conn.ManagedClientConnection connection = held;
    if (connection != null) {
      connection.shutdown();
    }
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
      throws Throwable {
    switch (method.getName()) {
      case "equals":
        return arguments != null && self == arguments[0];
      case "hashCode":
        return System.identityHashCode(self);
      case "toString":
        return "connection of the mesh to " + route;
      case "getRoute":
        return route;
      case "releaseConnection":
        release();
        return null;
      case "abortConnection":
        abort();
        return null;
      default:
        return delegate(method, arguments);
    }
  }

  private @Nullable Object delegate(Method method, Object @Nullable [] arguments) throws Throwable {
    org.apache.http.conn.ManagedClientConnection connection = held;
    if (connection == null) {
      return ofClosed(method);
    }
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** What a connection that is not open answers; it cannot be opened past the mesh. */
  private static @Nullable Object ofClosed(Method method) throws IOException {
    String name = method.getName();
    if (name.equals("open") || name.startsWith("send") || name.startsWith("receive")) {
      throw new IOException("the service mesh has not connected this call");
    }
    Class<?> type = method.getReturnType();
    if (type == boolean.class) {
      return name.equals("isStale");
    }
    return type == int.class ? (Object) 0 : null;
  }
}
