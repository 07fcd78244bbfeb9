package dev.weft.controlserver.api;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps clients that do not get on with it from taking the place of others: a connection must
 * finish its TLS handshake in time; it must bring whole requests, for each byte restarts the HTTP
 * layer's own idle timeout, also of a body that was answered 408; and one address has a limited
 * number of connections on which no credential was accepted. Thread-safe.
 */
final class ConnectionGuard {
  private static final AttributeKey<Use> USE = AttributeKey.valueOf(ConnectionGuard.class, "use");

  private final ConnectionLimits limits;
  private final Map<InetAddress, Integer> unproven = new ConcurrentHashMap<>();

  ConnectionGuard(ConnectionLimits limits) {
    this.limits = limits;
  }

  /** How one connection is used; confined to its event loop. */
  private static final class Use {
    private final @Nullable InetAddress address;
    private long idleSince = System.nanoTime();
    private int underWay;
    private boolean proven;

    Use(@Nullable InetAddress address) {
      this.address = address;
    }
  }

  /** Watches a connection that was just accepted. */
  void watch(ChannelPipeline pipeline) {
    pipeline.addFirst(
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelActive(ChannelHandlerContext context) throws Exception {
            if (admit(context.channel())) {
              super.channelActive(context);
            } else {
              var unused = context.close();
            }
          }
        });
  }

  /** A request has arrived with all its headers. */
  void begin(ServiceRequestContext context) {
    Channel channel = channel(context);
    if (channel != null) {
      channel.eventLoop().execute(() -> channel.attr(USE).get().underWay++);
      var unused =
          context
              .log()
              .whenComplete()
              .thenRun(() -> channel.eventLoop().execute(() -> ended(channel)));
    }
  }

  /** The connection's owner has shown a credential that was accepted. */
  void prove(ServiceRequestContext context) {
    Channel channel = channel(context);
    if (channel != null) {
      channel.eventLoop().execute(() -> proved(channel));
    }
  }

  private boolean admit(Channel channel) {
    InetAddress address =
        channel.remoteAddress() instanceof InetSocketAddress socket ? socket.getAddress() : null;
    Use use = new Use(address);
    channel.attr(USE).set(use);
    if (address != null) {
      int open = unproven.merge(address, 1, Integer::sum);
      channel.closeFuture().addListener(closed -> proved(channel));
      if (open > limits.unproven()) {
        return false;
      }
    }
    later(channel, limits.handshake().toNanos(), () -> checkHandshake(channel));
    return true;
  }

  private void checkHandshake(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null && tls.handshakeFuture().isSuccess()) {
      checkIdle(channel);
    } else {
      var unused = channel.close();
    }
  }

  private void checkIdle(Channel channel) {
    Use use = channel.attr(USE).get();
    long idle = use.underWay > 0 ? 0 : System.nanoTime() - use.idleSince;
    long left = limits.idle().toNanos() - idle;
    if (left > 0) {
      later(channel, left, () -> checkIdle(channel));
    } else {
      var unused = channel.close();
    }
  }

  private static void later(Channel channel, long nanos, Runnable task) {
    var timer = channel.eventLoop().schedule(task, nanos, TimeUnit.NANOSECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }

  private static void ended(Channel channel) {
    Use use = channel.attr(USE).get();
    use.underWay--;
    use.idleSince = System.nanoTime();
  }

  private void proved(Channel channel) {
    Use use = channel.attr(USE).get();
    if (!use.proven && use.address != null) {
      use.proven = true;
      unproven.computeIfPresent(use.address, (address, open) -> open > 1 ? open - 1 : null);
    }
  }

  private static @Nullable Channel channel(ServiceRequestContext context) {
    Channel channel = context.log().ensureAvailable(RequestLogProperty.SESSION).channel();
    // An HTTP/2 stream is a channel of its own only inside Netty; what is watched is the
    // connection.
    return channel != null && channel.hasAttr(USE) ? channel : null;
  }
}
