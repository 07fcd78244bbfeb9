package dev.weft.instrumentation.grpc;

import dev.weft.agent.extension.CallerHook;
import dev.weft.agent.extension.HookContext;
import dev.weft.dataplane.outbound.Caller;
import io.grpc.Context;
import org.jspecify.annotations.Nullable;

/** Makes a thread work for the call whose context it runs in, while it does. */
public final class RunHook extends CallerHook {
  /** For the hook loader. */
  public RunHook(HookContext context) {
    super(context);
  }

  /**
   * @param context gRPC's
   */
  @Override
  protected @Nullable Caller caller(Object context) {
    return Served.caller((Context) context);
  }
}
