package dev.weft.instrumentation.grpc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Caller;
import io.grpc.Context;
import org.jspecify.annotations.Nullable;

/** Makes a thread work for the call whose context it runs in, while it does. */
public final class RunHook extends MeshHook {
  /** For the hook loader. */
  public RunHook(HookContext context) {
    super(context);
  }

  /**
   * @param context gRPC's
   * @return what the thread worked for before; null when that does not change
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object context, @Nullable Object b, @Nullable Object c) {
    Caller served = Served.caller((Context) requireNonNull(context));
    return served == null ? null : served.attach();
  }

  /** Puts back what {@link #enter} answered. */
  @Override
  public @Nullable Object exit(
      @Nullable Object before,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (before instanceof Caller) {
      ((Caller) before).attach();
    }
    return null;
  }
}
