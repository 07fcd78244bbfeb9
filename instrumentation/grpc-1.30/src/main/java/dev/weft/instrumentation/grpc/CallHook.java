package dev.weft.instrumentation.grpc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.Target;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Makes a call into the mesh the driver's, and lets its attempts pass. */
public final class CallHook extends MeshHook {
  private final Channels channels;

  /** For the hook loader. */
  public CallHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.channels = new Channels();
  }

  /**
   * @param self the channel below the application's interceptors
   * @return {@code Permit.GRANTED}, or the call in the place of the library's
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self,
      @Nullable Object method,
      @Nullable Object callOptions,
      @Nullable Object c) {
    CallOptions options = (CallOptions) requireNonNull(callOptions);
    if (options.getOption(Sending.KEY) != null) {
      return Permit.GRANTED;
    }
    Channel channel = (Channel) requireNonNull(self);
    String own = options.getAuthority();
    String authority = own == null ? channel.authority() : own;
    Target target = context().dataPlane().async().resolve("http", authority);
    if (target == null || !channels.isPlaintext(channel)) {
      return Permit.GRANTED;
    }
    return Outcome.returned(
        call(channel, (MethodDescriptor<?, ?>) requireNonNull(method), options, target));
  }

  private <Q, S> Object call(
      Channel channel, MethodDescriptor<Q, S> method, CallOptions options, Target target) {
    if (!channels.isReady(channel)) {
      return new RefusedCall<Q, S>(
          channels.executor(channel, options),
          Status.UNAVAILABLE.withDescription(
              "refused by the service mesh: the channel is still being taken into it"));
    }
    return new MeshCall<>(context(), channels, channel, method, options, target);
  }
}
