package dev.weft.instrumentation.asynchttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.Target;
import org.asynchttpclient.AsyncHandler;
import org.asynchttpclient.Request;
import org.asynchttpclient.netty.NettyResponseFuture;
import org.asynchttpclient.netty.request.NettyRequestSender;
import org.jspecify.annotations.Nullable;

/** Hands one hop to the driver, unless the mesh does not know its host. */
public final class SendHook extends MeshHook {
  private final Internals internals;

  /** For the hook loader. */
  public SendHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.internals = new Internals();
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object all, @Nullable Object b, @Nullable Object c) {
    Object[] arguments = (Object[]) requireNonNull(all);
    Request request = (Request) arguments[0];
    if (request.getChannelPoolPartitioning() instanceof InstancePartitioning) {
      return Permit.GRANTED; // an attempt
    }
    Target target =
        context()
            .dataPlane()
            .async()
            .resolve(HopRequest.schemeOf(request), HopRequest.authorityOf(request));
    NettyResponseFuture<?> known = (NettyResponseFuture<?>) arguments[2];
    if (target == null) {
      if (known != null) {
        Sent.leave(known);
      }
      return Permit.GRANTED;
    }
    NettyRequestSender sender = (NettyRequestSender) requireNonNull(self);
    AsyncHandler<?> handler = (AsyncHandler<?>) arguments[1];
    NettyResponseFuture<?> future =
        known == null ? internals.newFuture(sender, request, handler) : known;
    Wire wire = new Wire(internals, sender, request, handler, future);
    wire.giveBack(Sent.of(future));
    new Hop(context(), wire, new HopRequest(request, future), Sent.next(future)).start(target);
    return Outcome.returned(future);
  }
}
