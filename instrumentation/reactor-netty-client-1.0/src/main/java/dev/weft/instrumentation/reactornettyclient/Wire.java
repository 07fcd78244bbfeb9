package dev.weft.instrumentation.reactornettyclient;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.instrumentation.nettyclient.HeadEdits;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.client.HttpClientConfig;
import reactor.netty.resources.ConnectionProvider;

/** What the library had at hand when a hop asked for its connection. Immutable. */
final class Wire {
  private final ConnectionProvider provider;
  private final Internals internals;
  private final HttpClientConfig config;
  private final ConnectionObserver observer;
  private final Object hop;
  private final @Nullable Object resolver;

  /**
   * Of the arguments of {@code acquire}.
   *
   * @param arguments configuration, observer, hop, resolver
   */
  Wire(ConnectionProvider provider, Internals internals, Object[] arguments) {
    this.provider = provider;
    this.internals = internals;
    this.config = (HttpClientConfig) arguments[0];
    this.observer = (ConnectionObserver) arguments[1];
    this.hop = arguments[2];
    this.resolver = arguments[3];
  }

  /** Who hears of the hop. */
  ConnectionObserver observer() {
    return observer;
  }

  /** The library's own object of the hop. */
  Object hop() {
    return hop;
  }

  /** To the application a wait in the mesh is one for the answer, as behind a sidecar. */
  long patienceMillis() {
    Duration timeout = config.responseTimeout();
    return timeout == null ? 0 : timeout.toMillis();
  }

  /** Asks the library for a connection to an attempt's instance. */
  void acquire(
      Attempt attempt, ConnectionObserver told, CoreSubscriber<? super Connection> subscriber) {
    InstanceAddress address = InstanceAddress.of(attempt, resolver);
    provider.acquire(internals.direct(config), told, address, address).subscribe(subscriber);
  }

  /** Has the hop receive a response over no network. */
  void answer(LocalReply reply) {
    EmbeddedChannel channel = new EmbeddedChannel();
    ChannelOperations.OnSetup setup = config.channelOperationsProvider();
    ChannelOperations.addReactiveBridge(channel, setup, observer);
    ChannelOperations<?, ?> ops = setup.create(Connection.from(channel), observer, null);
    if (ops == null) {
      throw new IllegalStateException("the client makes no operations");
    }
    ops.bind();
    internals.describe(ops, hop);
    channel.writeInbound(HeadEdits.head(reply));
    channel.writeInbound(new DefaultLastHttpContent(Unpooled.wrappedBuffer(reply.content())));
  }
}
