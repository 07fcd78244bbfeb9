package dev.weft.instrumentation.nettyserver;

import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.Speech;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Listens to a new connection until it is clear what it speaks, then goes, and leaves it to the
 * server's handlers: as it is, or with TLS before them. Waits as Netty waits, so that half a hello
 * holds no thread, and as long as Netty waits for a handshake. Used by the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails here ends the connection
public final class FirstBytes extends ByteToMessageDecoder {
  /** As long as Netty gives a TLS handshake where nobody says otherwise. */
  private static final long PATIENCE_SECONDS = 10;

  private static final String NAME = "weft.first-bytes";
  private static final String TLS = "weft.tls";

  private final ConnectionPolicy policy;
  private final int port;
  private final boolean http2;
  private @Nullable ScheduledFuture<?> patience;

  private FirstBytes(ConnectionPolicy policy, int port, boolean http2) {
    this.policy = policy;
    this.port = port;
    this.http2 = http2;
  }

  /**
   * As {@link #addTo}, for a server that speaks at once: what it writes is held back until it is
   * clear what is spoken, and the client is let in.
   */
  public static void addHolding(
      ChannelPipeline pipeline, ConnectionPolicy policy, int port, boolean http2) {
    pipeline.addFirst(HeldWrites.NAME, new HeldWrites());
    addTo(pipeline, policy, port, http2);
  }

  /**
   * Puts one before all handlers of a connection that has not been read yet.
   *
   * @param port the port it came to
   * @param http2 whether the server takes HTTP/2 in plaintext
   */
  public static void addTo(
      ChannelPipeline pipeline, ConnectionPolicy policy, int port, boolean http2) {
    pipeline.addFirst(NAME, new FirstBytes(policy, port, http2));
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf heard, List<Object> none) {
    Speech speech = speech(heard);
    if (speech == Speech.UNKNOWN) {
      startWaiting(context);
      return;
    }
    try {
      decide(context, speech);
    } catch (SSLException | RuntimeException | Error e) {
      heard.skipBytes(heard.readableBytes());
      context.close();
    }
  }

  private void decide(ChannelHandlerContext context, Speech speech) throws SSLException {
    ChannelPipeline pipeline = context.pipeline();
    // An application may have put TLS of its own there by hand.
    boolean offered = speech == Speech.TLS && pipeline.get(SslHandler.class) == null;
    SSLEngine engine = offered ? policy.engine(port, http2) : null;
    if (engine == null) {
      policy.requirePlaintext(port);
      HeldWrites.release(pipeline);
    } else {
      pipeline.addAfter(context.name(), TLS, new MeshTls(engine));
      pipeline.addAfter(TLS, Admission.NAME, new Admission(policy, engine));
    }
    pipeline.remove(this);
  }

  /** What has been heard, as a buffer that has room as long as this one may grow. */
  private static Speech speech(ByteBuf heard) {
    int length = heard.readableBytes();
    heard.ensureWritable(1);
    ByteBuffer bytes = heard.nioBuffer(heard.readerIndex(), length + heard.writableBytes());
    bytes.position(length);
    return Speech.of(bytes);
  }

  private void startWaiting(ChannelHandlerContext context) {
    if (patience == null) {
      patience =
          context.executor().schedule(() -> context.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    ScheduledFuture<?> waiting = patience;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }
}
