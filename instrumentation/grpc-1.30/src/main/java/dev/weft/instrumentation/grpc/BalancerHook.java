package dev.weft.instrumentation.grpc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import io.grpc.LoadBalancer;
import org.jspecify.annotations.Nullable;

/** Puts the mesh's choice of instances beside a channel's own. */
public final class BalancerHook extends MeshHook {
  /** For the hook loader. */
  public BalancerHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object helper, @Nullable Object b, @Nullable Object c) {
    return new MeshBalancer((LoadBalancer.Helper) requireNonNull(helper), context());
  }

  /** The balancer that was put in {@code helper}'s place is over with its channel's. */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object helper,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (helper instanceof MeshBalancer) {
      ((MeshBalancer) helper).close();
    }
    return null;
  }
}
