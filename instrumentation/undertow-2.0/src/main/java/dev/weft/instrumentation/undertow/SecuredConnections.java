package dev.weft.instrumentation.undertow;

import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.MeshConnection;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import java.io.IOException;
import java.lang.reflect.Constructor;
import javax.net.ssl.SSLEngine;
import org.xnio.StreamConnection;
import org.xnio.ssl.SslConnection;

/** Makes connections of mesh mTLS with Undertow's own TLS code. Thread-safe. */
final class SecuredConnections {
  /** How Undertow 2.0.0 makes a TLS connection over another. */
  static final String OF_THREE =
      "(Lorg/xnio/StreamConnection;Ljavax/net/ssl/SSLEngine;"
          + "Lio/undertow/connector/ByteBufferPool;)V";

  /** How later versions do, which can be told who runs the engine's tasks. */
  static final String OF_FOUR =
      "(Lorg/xnio/StreamConnection;Ljavax/net/ssl/SSLEngine;"
          + "Lio/undertow/connector/ByteBufferPool;Ljava/util/concurrent/Executor;)V";

  /** A TLS record and what the engine adds; the pool of a listener may have smaller buffers. */
  private static final int RECORD = 17 * 1024;

  private final ConnectionPolicy policy;
  private final ByteBufferPool records = new DefaultByteBufferPool(true, RECORD, 1000, 0);
  private final Constructor<?> constructor;

  SecuredConnections(ConnectionPolicy policy) {
    this.policy = policy;
    this.constructor = constructor();
  }

  /** What the mesh asks of connections. */
  ConnectionPolicy policy() {
    return policy;
  }

  /** TLS over a connection whose read bytes were pushed back; the handshake has not begun. */
  SslConnection layer(StreamConnection below, SSLEngine engine) {
    try {
      return (SslConnection)
          (constructor.getParameterTypes().length == 3
              ? constructor.newInstance(below, engine, records)
              : constructor.newInstance(below, engine, records, null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("TLS of Undertow is not usable", e);
    }
  }

  /**
   * A connection whose handshake is over.
   *
   * @throws IOException when its client is not to be trusted
   */
  SecuredConnection verified(StreamConnection below, SslConnection tls, SSLEngine engine)
      throws IOException {
    MeshConnection verified = policy.verify(engine);
    SecuredConnection connection = new SecuredConnection(below, tls, verified);
    connection.onClose(policy.register(verified, connection::cut));
    return connection;
  }

  private static Constructor<?> constructor() {
    try {
      Constructor<?> found =
          Class.forName(
                  "io.undertow.protocols.ssl.UndertowSslConnection",
                  false,
                  DefaultByteBufferPool.class.getClassLoader())
              .getDeclaredConstructors()[0];
      found.setAccessible(true);
      return found;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("TLS of Undertow is not usable", e);
    }
  }
}
