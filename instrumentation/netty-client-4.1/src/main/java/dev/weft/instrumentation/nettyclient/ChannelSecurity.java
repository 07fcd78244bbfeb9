package dev.weft.instrumentation.nettyclient;

import static java.util.Objects.requireNonNull;

import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Mesh TLS on one channel to an instance. Hides that the channel is active until the server's
 * identity is judged, so that no byte of the application leaves before. Lives as long as the
 * channel; for its event loop.
 */
public final class ChannelSecurity extends ChannelInboundHandlerAdapter {
  private static final String NAME = "mesh.security";

  private final TransportSecurity transport;
  private final ClientTls tls;
  private final @Nullable Consumer<@Nullable Throwable> told;
  private @Nullable Runnable close;
  private boolean secured;
  private boolean over;
  private @Nullable Runnable forget;

  private ChannelSecurity(
      TransportSecurity transport, ClientTls tls, @Nullable Consumer<@Nullable Throwable> told) {
    this.transport = transport;
    this.tls = tls;
    this.told = told;
  }

  /**
   * Secures a channel as the attempt demands; first in its pipeline.
   *
   * @param alpn what the application is going to speak
   * @param told hears of the end on the channel's event loop: null, or why it failed; null where
   *     the handlers behind hear of it, because the channel is not connected yet
   * @throws SSLException without an identity of our own
   */
  public static void install(
      Channel channel,
      TransportSecurity transport,
      Attempt attempt,
      String alpn,
      @Nullable Consumer<@Nullable Throwable> told)
      throws SSLException {
    ClientTls tls = attempt.tls();
    if (tls == null) {
      return;
    }
    SslHandler handler =
        new SslHandler(transport.clientEngine(attempt.address(), attempt.port(), tls, alpn));
    long most = TransportSecurity.HANDSHAKE_TIMEOUT_MILLIS;
    long allowed = attempt.connectTimeoutMillis();
    handler.setHandshakeTimeoutMillis(allowed == 0 ? most : Math.min(allowed, most));
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addFirst(NAME, new ChannelSecurity(transport, tls, told));
    pipeline.addFirst("mesh.tls", handler);
  }

  /** Whether a channel is secured as the attempt demands, with the server's identity judged. */
  public static boolean suits(Channel channel, Attempt attempt) {
    ChannelSecurity security = channel.pipeline().get(ChannelSecurity.class);
    return attempt.secure() ? security != null && security.secured : security == null;
  }

  /** A close from here is none that a protocol above, such as HTTP/2, puts off. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a connection to be closed
  public void handlerAdded(ChannelHandlerContext ctx) {
    close = ctx::close;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (secured) {
      ctx.fireChannelActive();
    } else {
      ctx.read(); // nobody behind asks for it yet
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!secured && !over) {
      ctx.read();
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // closing is all that is left to do
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (!(event instanceof SslHandshakeCompletionEvent) || over) {
      ctx.fireUserEventTriggered(event);
      return;
    }
    over = true;
    Throwable failure = ((SslHandshakeCompletionEvent) event).cause();
    if (failure == null) {
      failure = judge(ctx);
    }
    transport.handshake(tls, failure == null ? HandshakeResult.OK : HandshakeResult.of(failure));
    secured = failure == null;
    if (told != null) {
      told.accept(failure);
    } else if (failure == null) {
      ctx.fireChannelActive();
    } else {
      ctx.fireExceptionCaught(failure);
    }
    if (failure != null) {
      ctx.close();
    }
  }

  /** A resumed handshake asks no trust manager. */
  private @Nullable Throwable judge(ChannelHandlerContext ctx) {
    try {
      SslHandler handler = ctx.pipeline().get(SslHandler.class);
      forget = transport.judge(handler.engine().getSession(), tls, requireNonNull(close));
      return null;
    } catch (SSLException | RuntimeException | Error e) {
      return e;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Runnable registered = forget;
    if (registered != null) {
      forget = null;
      registered.run();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (over && !secured) {
      return; // told already, without the decoder's wrapping
    }
    ctx.fireExceptionCaught(bare(cause));
  }

  /** What went wrong in TLS, without the decoder's wrapping. */
  private static Throwable bare(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof DecoderException && cause instanceof SSLException ? cause : failure;
  }
}
