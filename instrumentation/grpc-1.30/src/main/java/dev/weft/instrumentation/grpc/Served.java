package dev.weft.instrumentation.grpc;

import dev.weft.dataplane.outbound.Caller;
import io.grpc.Context;
import org.jspecify.annotations.Nullable;

/** What a call is made for, which gRPC's context carries from one thread to another. */
final class Served {
  private static final Context.Key<Caller> KEY = Context.key(Caller.KEY);

  private Served() {}

  /** The request that {@code context} serves, or null. */
  static @Nullable Caller caller(Context context) {
    return KEY.get(context);
  }

  /** A context that serves what the thread works for. */
  static Context serving(Context context) {
    Caller caller = Caller.capture();
    return caller == null ? context : context.withValue(KEY, caller);
  }
}
