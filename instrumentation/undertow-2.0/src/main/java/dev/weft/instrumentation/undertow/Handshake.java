package dev.weft.instrumentation.undertow;

import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.util.PooledAdaptor;
import java.io.IOException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.PushBackStreamSourceConduit;
import org.xnio.ssl.SslConnection;

/**
 * A TLS handshake of the mesh, driven by Undertow's own TLS code, up to the first bytes of the
 * first request. The client is verified before the listener gets any of them. Used by the
 * connection's I/O thread.
 */
final class Handshake implements ChannelListener<ConduitStreamSourceChannel> {
  private final FirstBytes first;
  private final SecuredConnections secured;
  private final ConnectionPolicy policy;
  private final SSLEngine engine;
  private final SslConnection tls;
  private final StreamConnection below;
  private @Nullable SecuredConnection verified;
  private boolean concluded;

  /**
   * @param below the connection
   * @param hello what was read of it; closed when it is read again
   */
  Handshake(
      FirstBytes first,
      SecuredConnections secured,
      StreamConnection below,
      SSLEngine engine,
      PooledByteBuffer hello) {
    this.first = first;
    this.secured = secured;
    this.policy = secured.policy();
    this.engine = engine;
    this.below = below;
    PushBackStreamSourceConduit source =
        new PushBackStreamSourceConduit(below.getSourceChannel().getConduit());
    source.pushBack(new PooledAdaptor(hello));
    below.getSourceChannel().setConduit(source);
    this.tls = secured.layer(below, engine);
  }

  /** A server's part begins with reading; {@code startHandshake} is for clients. */
  void begin() {
    tls.setCloseListener(closed -> failed(HandshakeResult.CONNECTION));
    tls.getSourceChannel().setReadListener(this);
    handleEvent(tls.getSourceChannel());
  }

  @Override
  public void handleEvent(ConduitStreamSourceChannel source) {
    PooledByteBuffer buffer = first.buffer();
    try {
      int count = source.read(buffer.getBuffer());
      if (count < 0) {
        failed(HandshakeResult.CONNECTION);
        return;
      }
      if (verified == null && (count > 0 || isComplete())) {
        verify();
      }
      if (count > 0) {
        buffer.getBuffer().flip();
        PooledByteBuffer request = buffer;
        buffer = null;
        handOver(source, request);
      } else {
        source.resumeReads();
      }
    } catch (IOException | RuntimeException | Error e) {
      failed(HandshakeResult.of(e));
    } finally {
      if (buffer != null) {
        buffer.close();
      }
    }
  }

  private boolean isComplete() {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && !"SSL_NULL_WITH_NULL_NULL".equals(engine.getSession().getCipherSuite());
  }

  private void verify() throws IOException {
    verified = secured.verified(below, tls, engine);
    concluded = true;
    policy.concluded(HandshakeResult.OK);
    first.waitAnew();
  }

  private void handOver(ConduitStreamSourceChannel source, PooledByteBuffer request) {
    source.suspendReads();
    source.setReadListener(null);
    SecuredConnection connection = verified;
    if (connection == null || !connection.isOpen()) {
      request.close();
      first.end();
      return;
    }
    connection.takeOver();
    first.handOver(connection, request);
  }

  private void failed(HandshakeResult result) {
    if (!concluded) {
      concluded = true;
      policy.concluded(result);
    }
    IoUtils.safeClose(verified);
    IoUtils.safeClose(tls);
    first.end();
  }
}
