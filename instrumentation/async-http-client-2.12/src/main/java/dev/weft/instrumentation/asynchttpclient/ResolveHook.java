package dev.weft.instrumentation.asynchttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.Attempt;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import org.asynchttpclient.Request;
import org.asynchttpclient.netty.NettyResponseFuture;
import org.asynchttpclient.netty.request.NettyRequestSender;
import org.jspecify.annotations.Nullable;

/** Sends an attempt to the address of its instance. */
public final class ResolveHook extends MeshHook {
  private final Internals internals;

  /** For the hook loader. */
  public ResolveHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.internals = new Internals();
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c)
      throws UnknownHostException {
    Sent sent = Sent.of(b);
    Attempt attempt = sent == null ? null : sent.attempt();
    if (attempt == null) {
      return Permit.GRANTED;
    }
    NettyResponseFuture<?> future = (NettyResponseFuture<?>) requireNonNull(b);
    internals.scheduleTimeout(
        (NettyRequestSender) requireNonNull(self),
        future,
        InetSocketAddress.createUnresolved(attempt.address(), attempt.port()));
    return Outcome.returned(addresses(attempt, (Request) requireNonNull(a)));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the promise tells whoever asked
  private static Future<List<InetSocketAddress>> addresses(Attempt attempt, Request request)
      throws UnknownHostException {
    Promise<List<InetSocketAddress>> promise = ImmediateEventExecutor.INSTANCE.newPromise();
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(attempt.address());
    if (bytes != null) {
      return promise.setSuccess(one(InetAddress.getByAddress(attempt.address(), bytes), attempt));
    }
    Future<InetAddress> found = request.getNameResolver().resolve(attempt.address());
    found.addListener(
        done -> {
          if (found.isSuccess()) {
            promise.setSuccess(one(found.getNow(), attempt));
          } else {
            promise.setFailure(found.cause());
          }
        });
    return promise;
  }

  private static List<InetSocketAddress> one(InetAddress address, Attempt attempt) {
    return Collections.singletonList(new InetSocketAddress(address, attempt.port()));
  }
}
