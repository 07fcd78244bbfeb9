package dev.weft.instrumentation.tomcat;

import java.lang.reflect.Method;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connector can speak HTTP/2 with a peer of the mesh: when the application configured it
 * for {@code h2c}. Stateless.
 */
final class Http2Offer {
  /** Protected in Tomcat; the way from an endpoint to its protocol. Null: HTTP/1.1 it stays. */
  private static final @Nullable Method PROTOCOL = find();

  private Http2Offer() {}

  /**
   * Asks Tomcat's own method, so that HTTP/2 is never negotiated when {@link Http2Advice} is not
   * there to let Tomcat find it: it would close the connection.
   */
  static boolean of(AbstractEndpoint<?> endpoint) {
    Object handler = endpoint.getHandler();
    if (PROTOCOL == null || !PROTOCOL.getDeclaringClass().isInstance(handler)) {
      return false;
    }
    try {
      Object protocol = PROTOCOL.invoke(handler);
      return protocol instanceof AbstractHttp11Protocol
          && ((AbstractHttp11Protocol<?>) protocol).getNegotiatedProtocol("h2") != null;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static @Nullable Method find() {
    try {
      Method method =
          Class.forName(
                  "org.apache.coyote.AbstractProtocol$ConnectionHandler",
                  false,
                  AbstractHttp11Protocol.class.getClassLoader())
              .getDeclaredMethod("getProtocol");
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
