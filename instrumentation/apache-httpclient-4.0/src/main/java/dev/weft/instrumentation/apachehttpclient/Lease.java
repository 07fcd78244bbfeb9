package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.conn.ClientConnectionRequest;
import org.apache.http.conn.ManagedClientConnection;
import org.apache.http.conn.routing.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * What a request director holds as its connection while the mesh sends its hops: the connection of
 * the attempt under way or answered, and without one a closed connection. The director may mark,
 * release and close it as its own, and the application's abort ends what is under way. The
 * interface differs between versions of the library, therefore it is implemented by a proxy. For
 * one thread, but for aborts.
 */
final class Lease implements InvocationHandler {
  private final ClientConnectionManager manager;
  private final HttpRoute route;
  private final @Nullable Object state;
  private final long waitMillis;
  private volatile @Nullable ClientConnectionRequest asked;
  private volatile @Nullable ManagedClientConnection held;
  private volatile boolean aborted;

  private Lease(
      ClientConnectionManager manager, HttpRoute route, @Nullable Object state, long waitMillis) {
    this.manager = manager;
    this.route = route;
    this.state = state;
    this.waitMillis = waitMillis;
  }

  /**
   * The connection that a director shall hold for hops to a service.
   *
   * @param route the service's, as planned
   * @param state what the director wants connections to be bound to, or null
   * @param waitMillis how long to wait for a connection of the pool, not positive for ever
   */
  static ManagedClientConnection connection(
      ClientConnectionManager manager, HttpRoute route, @Nullable Object state, long waitMillis) {
    Class<?> type = ManagedClientConnection.class;
    return (ManagedClientConnection)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new Lease(manager, route, state, waitMillis));
  }

  /** The lease behind what a director holds; null when it holds a connection of its own. */
  static @Nullable Lease of(@Nullable Object connection) {
    if (connection == null || !Proxy.isProxyClass(connection.getClass())) {
      return null;
    }
    InvocationHandler handler = Proxy.getInvocationHandler(connection);
    return handler instanceof Lease ? (Lease) handler : null;
  }

  /** The service's route. */
  HttpRoute route() {
    return route;
  }

  /** How long to wait for a connection of the pool, not positive for ever. */
  long waitMillis() {
    return waitMillis;
  }

  boolean isAborted() {
    return aborted;
  }

  /** The route of an attempt, in the client's pool. */
  HttpRoute routeTo(Attempt attempt) {
    return InstanceRoute.of(attempt, manager, route);
  }

  /** Leases a connection to the instance of an attempt from the client's pool, and holds it. */
  ManagedClientConnection take(HttpRoute instance, Attempt attempt) throws IOException {
    ClientConnectionRequest request = manager.requestConnection(instance, state);
    asked = request;
    if (aborted || attempt.expired()) {
      request.abortRequest();
    }
    try {
      ManagedClientConnection connection = request.getConnection(waitMillis, TimeUnit.MILLISECONDS);
      held = connection;
      if (aborted) {
        throw new InterruptedIOException("request aborted");
      }
      if (attempt.expired()) {
        throw new SocketTimeoutException("no connection within the time of the attempt");
      }
      return connection;
    } catch (InterruptedException e) {
      // How the library tells that the wait was aborted, too.
      if (attempt.expired() && !aborted) {
        throw new SocketTimeoutException("no connection within the time of the attempt");
      }
      if (!aborted) {
        Thread.currentThread().interrupt();
      }
      throw new InterruptedIOException();
    } finally {
      asked = null;
    }
  }

  /** Gives the connection back, to be used again or, when it is not marked so, to be closed. */
  void release() {
    ManagedClientConnection connection = held;
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
    ManagedClientConnection connection = held;
    if (connection != null) {
      connection.setIdleDuration(idleMillis, TimeUnit.MILLISECONDS);
      connection.markReusable();
    }
    release();
  }

  /** Gives the connection back to be closed. */
  void discard() {
    abortHeld();
    // One that another thread had aborted is not given back by a second abort.
    release();
  }

  private void abortHeld() {
    ManagedClientConnection connection = held;
    if (connection != null) {
      try {
        connection.abortConnection();
      } catch (IOException e) {
        // It was to be thrown away.
      }
    }
  }

  /** Ends what is under way for the thread that uses it: its wait for the pool, its connection. */
  void cut() {
    abortAsked();
    ManagedClientConnection connection = held;
    if (connection != null) {
      try {
        connection.shutdown();
      } catch (IOException e) {
        // It is being thrown away.
      }
    }
  }

  /** The application, or the director, has no more use for any connection. */
  private void abort() {
    aborted = true;
    abortAsked();
    // Given back by the thread that uses it.
    abortHeld();
  }

  private void abortAsked() {
    ClientConnectionRequest request = asked;
    if (request != null) {
      request.abortRequest();
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
      case "open":
        // An attempt connects; the director opens again before each of its hops.
        return null;
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
    ManagedClientConnection connection = held;
    if (connection == null) {
      return ofClosed(method);
    }
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** What a connection that is not open answers; nothing can be sent on it past the mesh. */
  private static @Nullable Object ofClosed(Method method) throws IOException {
    String name = method.getName();
    if (name.startsWith("send") || name.startsWith("receive")) {
      throw new IOException("the service mesh has not connected this call");
    }
    Class<?> type = method.getReturnType();
    if (type == boolean.class) {
      return name.equals("isStale");
    }
    return type == int.class ? (Object) 0 : null;
  }
}
