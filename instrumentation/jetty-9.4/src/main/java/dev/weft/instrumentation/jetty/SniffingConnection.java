package dev.weft.instrumentation.jetty;

import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.Speech;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks mesh mTLS or plaintext, as its first bytes say. It gives way to Jetty's
 * own as soon as it knows. Until the first record of a ClientHello is complete its bytes wait here,
 * so that an idle half hello costs no more than an idle plaintext connection, ends by the
 * connector's own timeout, and holds no thread.
 *
 * <p>Used by one thread at a time, as all of Jetty's connections.
 */
final class SniffingConnection extends AbstractConnection implements Connection.UpgradeFrom {
  private static final int RECORD_HEADER = 5;

  /** A record of TLS without its header; more than that a first record has not. */
  private static final int RECORD = 1 << 14;

  private final ServerConnector connector;
  private final Connection plaintext;
  private final ConnectionPolicy policy;
  private final TlsLayer layer;
  private @Nullable ByteBuffer heard;

  /**
   * @param plaintext what goes on with the client if it does not speak TLS
   */
  SniffingConnection(
      ServerConnector connector,
      EndPoint endPoint,
      Connection plaintext,
      ConnectionPolicy policy,
      TlsLayer layer) {
    super(endPoint, connector.getExecutor());
    this.connector = connector;
    this.plaintext = plaintext;
    this.policy = policy;
    this.layer = layer;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    fillInterested();
  }

  @Override
  public void onFillable() {
    try {
      switch (listen()) {
        case UNKNOWN:
          fillInterested();
          return;
        case TLS:
          secure();
          return;
        default:
          policy.requirePlaintext(connector.getLocalPort());
          getEndPoint().upgrade(plaintext);
      }
    } catch (IOException | RuntimeException e) {
      close();
    }
  }

  /** Reads what has arrived, if that is more than can be told from what is here. */
  private Speech listen() throws IOException {
    ByteBuffer buffer = heard == null ? ByteBuffer.allocate(inputBufferSize()) : heard;
    heard = buffer;
    while (true) {
      ByteBuffer into = buffer.duplicate();
      into.flip();
      int read = getEndPoint().fill(into);
      if (read < 0) {
        throw new IOException("the client left before it said what it speaks");
      }
      buffer.position(into.limit());
      Speech told = Speech.of(buffer);
      if (told == Speech.TLS && !buffer.hasRemaining() && buffer.capacity() < helloLength(buffer)) {
        buffer = grown(buffer);
        heard = buffer;
      } else if (told != Speech.UNKNOWN || read == 0) {
        return told;
      }
    }
  }

  /**
   * As much as Jetty's own connection reads at once and can take over. Less would leave bytes in
   * the socket when Jetty refuses them, and a socket closed so is reset before the client has read
   * the answer.
   */
  private int inputBufferSize() {
    ConnectionFactory factory = connector.getDefaultConnectionFactory();
    int size =
        factory instanceof AbstractConnectionFactory
            ? ((AbstractConnectionFactory) factory).getInputBufferSize()
            : RECORD_HEADER;
    return Math.max(RECORD_HEADER, Math.min(size, RECORD));
  }

  /** Length of the first record, as far as it can be one of TLS. */
  private static int helloLength(ByteBuffer hello) {
    return RECORD_HEADER + Math.min(hello.getShort(RECORD_HEADER - 2) & 0xffff, RECORD);
  }

  private static ByteBuffer grown(ByteBuffer hello) {
    ByteBuffer larger = ByteBuffer.allocate(helloLength(hello));
    hello.flip();
    larger.put(hello);
    return larger;
  }

  private void secure() throws IOException {
    boolean http2 = connector.getConnectionFactory("h2c") != null;
    SSLEngine engine = policy.engine(connector.getLocalPort(), http2);
    if (engine == null) {
      getEndPoint().upgrade(plaintext);
      return;
    }
    MeshHandshake handshake = new MeshHandshake(policy, getEndPoint());
    SslConnection tls = layer.over(getEndPoint(), connector, engine, handshake);
    handshake.listenTo(tls);
    getEndPoint().upgrade(tls);
  }

  /** What was heard, for the connection that goes on. */
  @Override
  public @Nullable ByteBuffer onUpgradeFrom() {
    ByteBuffer buffer = heard;
    heard = null;
    if (buffer != null) {
      buffer.flip();
    }
    return buffer;
  }
}
