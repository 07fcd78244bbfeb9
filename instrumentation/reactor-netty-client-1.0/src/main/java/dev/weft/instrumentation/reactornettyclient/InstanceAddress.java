package dev.weft.instrumentation.reactornettyclient;

import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.InstanceNames;
import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The address that an attempt asks the pool for: its pool key, unresolved, so that connections are
 * kept per instance and trust generation; and how that becomes the instance's. Immutable.
 */
final class InstanceAddress extends AddressResolverGroup<InetSocketAddress>
    implements Supplier<SocketAddress> {
  /** Which name stands for which instance. */
  static final InstanceNames NAMES = new InstanceNames();

  private final String host;
  private final int port;
  private final InetSocketAddress key;
  private final @Nullable AddressResolverGroup<InetSocketAddress> own;

  private InstanceAddress(Attempt attempt, @Nullable AddressResolverGroup<InetSocketAddress> own) {
    this.host = attempt.address();
    this.port = attempt.port();
    this.key = InetSocketAddress.createUnresolved(attempt.poolKey(), attempt.port());
    this.own = own;
  }

  /**
   * The address for an attempt.
   *
   * @param own the resolver of the client, for instances that have a name instead of an address
   */
  @SuppressWarnings("unchecked")
  static InstanceAddress of(Attempt attempt, @Nullable Object own) {
    NAMES.name(attempt);
    return new InstanceAddress(attempt, (AddressResolverGroup<InetSocketAddress>) own);
  }

  @Override
  public SocketAddress get() {
    return key;
  }

  /** Not cached as in the group itself: that remembers each resolver until its executor ends. */
  @Override
  public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
    return newResolver(executor);
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new Resolver(executor);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the promise tells whoever asked
  private final class Resolver extends AbstractAddressResolver<InetSocketAddress> {
    private final EventExecutor executor;

    Resolver(EventExecutor executor) {
      super(executor);
      this.executor = executor;
    }

    @Override
    protected boolean doIsResolved(InetSocketAddress address) {
      return !address.isUnresolved();
    }

    @Override
    protected void doResolve(InetSocketAddress asked, Promise<InetSocketAddress> promise)
        throws Exception {
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
      if (bytes != null) {
        promise.setSuccess(new InetSocketAddress(InetAddress.getByAddress(host, bytes), port));
        return;
      }
      if (own == null) {
        promise.setFailure(new UnknownHostException(host));
        return;
      }
      own.getResolver(executor).resolve(InetSocketAddress.createUnresolved(host, port), promise);
    }

    @Override
    protected void doResolveAll(InetSocketAddress asked, Promise<List<InetSocketAddress>> promise)
        throws Exception {
      Promise<InetSocketAddress> one = executor.newPromise();
      one.addListener(
          done -> {
            if (one.isSuccess()) {
              promise.setSuccess(Collections.singletonList(one.getNow()));
            } else {
              promise.setFailure(one.cause());
            }
          });
      doResolve(asked, one);
    }
  }
}
