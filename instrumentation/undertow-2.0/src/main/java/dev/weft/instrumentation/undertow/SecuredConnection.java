package dev.weft.instrumentation.undertow;

import dev.weft.dataplane.inbound.MeshConnection;
import io.undertow.server.ServerConnection;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.Option;
import org.xnio.StreamConnection;
import org.xnio.ssl.SslConnection;

/**
 * A connection over mesh mTLS that the application sees as one in plaintext: it is no {@link
 * SslConnection}, from which Undertow would tell the scheme and the TLS attributes. Belongs to its
 * I/O thread.
 */
final class SecuredConnection extends StreamConnection {
  /** Asked of a connection, tells who is at its other end; others do not know it. */
  private static final Option<MeshConnection> PEER =
      Option.simple(SecuredConnection.class, "PEER", MeshConnection.class);

  private final StreamConnection below;
  private final SslConnection tls;
  private final MeshConnection connection;
  private volatile @Nullable Runnable deregistration;

  SecuredConnection(StreamConnection below, SslConnection tls, MeshConnection connection) {
    super(below.getIoThread());
    this.below = below;
    this.tls = tls;
    this.connection = connection;
    tls.setCloseListener(closed -> IoUtils.safeClose(this));
    // Closed below, as by the listener's timeout, TLS hears nothing of it.
    below.setCloseListener(closed -> IoUtils.safeClose(this));
  }

  /** Who is at the other end of the connection that requests come on. */
  static MeshConnection of(ServerConnection server) {
    try {
      MeshConnection secured = server.getOption(PEER);
      return secured == null ? MeshConnection.UNSECURED : secured;
    } catch (IOException e) {
      return MeshConnection.UNSECURED;
    }
  }

  /** From now on this, and not the TLS connection below, hears what the client says. */
  void takeOver() {
    setSourceConduit(tls.getSourceChannel().getConduit());
    setSinkConduit(tls.getSinkChannel().getConduit());
  }

  /** Runs {@code forget} when the connection is closed; at once when it is closed already. */
  void onClose(Runnable forget) {
    deregistration = forget;
    if (!isOpen()) {
      forget.run();
    }
  }

  /** Ends the connection, whose client lost the trust of the mesh. For any thread. */
  void cut() {
    if (getIoThread() == Thread.currentThread()) {
      IoUtils.safeClose(this);
    } else {
      getIoThread().execute(() -> IoUtils.safeClose(this));
    }
  }

  @Override
  protected void closeAction() {
    Runnable forget = deregistration;
    if (forget != null) {
      forget.run();
    }
    IoUtils.safeClose(tls);
    IoUtils.safeClose(below);
  }

  /** What ends both directions is {@link #closeAction}. */
  @Override
  protected void notifyReadClosed() {}

  @Override
  protected void notifyWriteClosed() {}

  @Override
  public SocketAddress getPeerAddress() {
    return below.getPeerAddress();
  }

  @Override
  public SocketAddress getLocalAddress() {
    return below.getLocalAddress();
  }

  @Override
  public boolean supportsOption(Option<?> option) {
    return below.supportsOption(option);
  }

  @Override
  public <T> @Nullable T getOption(Option<T> option) throws IOException {
    return option == PEER ? option.cast(connection) : below.getOption(option);
  }

  @Override
  public <T> @Nullable T setOption(Option<T> option, @Nullable T value) throws IOException {
    return below.setOption(option, value);
  }
}
