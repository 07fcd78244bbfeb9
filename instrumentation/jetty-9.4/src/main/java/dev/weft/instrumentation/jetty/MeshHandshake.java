package dev.weft.instrumentation.jetty;

import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.MeshConnection;
import java.lang.reflect.Method;
import java.nio.channels.SocketChannel;
import java.util.EventListener;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of one connection: verifies the peer when it is over and before a byte goes up, and
 * counts how it ended. Used by one thread at a time, but for {@link #connection}.
 */
public final class MeshHandshake implements SslHandshakeListener, Connection.Listener {
  private static final Method ADD_LISTENER = addListener();

  private final ConnectionPolicy policy;
  private final EndPoint endPoint;
  private boolean shaking = true;
  private volatile @Nullable MeshConnection connection;
  private @Nullable Runnable deregistration;

  MeshHandshake(ConnectionPolicy policy, EndPoint endPoint) {
    this.policy = policy;
    this.endPoint = endPoint;
  }

  /** Who is at the other end; null as long as that is not verified. */
  public @Nullable MeshConnection connection() {
    return connection;
  }

  /** Has itself told of the handshake and of the end of {@code tls}. */
  void listenTo(SslConnection tls) {
    tls.addHandshakeListener(this);
    try {
      ADD_LISTENER.invoke(tls, this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Jetty's connections cannot be listened to", e);
    }
  }

  /** Jetty 9.4 names the listener's type, later versions any listener's. */
  private static Method addListener() {
    try {
      return Connection.class.getMethod("addListener", Connection.Listener.class);
    } catch (NoSuchMethodException e) {
      try {
        return Connection.class.getMethod("addEventListener", EventListener.class);
      } catch (NoSuchMethodException neither) {
        throw new IllegalStateException("Jetty's connections take no listeners", neither);
      }
    }
  }

  @Override
  public void handshakeSucceeded(Event event) {
    try {
      MeshConnection verified = policy.verify(event.getSSLEngine());
      deregistration = policy.register(verified, this::cut);
      connection = verified;
      concluded(HandshakeResult.OK);
    } catch (SSLException | RuntimeException e) {
      // Jetty logs what a listener throws, and goes on; a closed connection does not.
      concluded(HandshakeResult.of(e));
      endPoint.close();
    }
  }

  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    concluded(HandshakeResult.of(failure));
  }

  @Override
  public void onOpened(Connection opened) {}

  @Override
  public void onClosed(Connection closed) {
    concluded(HandshakeResult.CONNECTION);
    Runnable registered = deregistration;
    deregistration = null;
    if (registered != null) {
      registered.run();
    }
  }

  /** Counts the handshake, once; a second end of it, such as the close that follows, is none. */
  private void concluded(HandshakeResult result) {
    if (shaking) {
      shaking = false;
      policy.concluded(result);
    }
  }

  /** Ends both directions of the socket: Jetty sees the end as if the client had left. */
  private void cut() {
    Object transport = endPoint.getTransport();
    if (transport instanceof SocketChannel) {
      Cuts.shutdown((SocketChannel) transport);
    } else {
      endPoint.close();
    }
  }
}
