package dev.weft.instrumentation.grpc;

import dev.weft.agent.extension.Bindings;
import dev.weft.dataplane.inbound.InboundExchange;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * What gRPC tells of one call of a server: puts what it is worked for into gRPC's context, and
 * concludes the exchange when the call is over. Bound to the call's headers until the gate has it.
 */
final class ServedCall extends ServerStreamTracer {
  private static final Bindings<ServedCall> CALLS = new Bindings<>();
  private static final int OK = 200;

  private volatile @Nullable InboundExchange exchange;

  private ServedCall() {}

  /** Makes one for each call. */
  static final class Factory extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
      ServedCall call = new ServedCall();
      CALLS.put(headers, call);
      return call;
    }
  }

  /**
   * Has an exchange concluded with the call that has these headers.
   *
   * @return false when gRPC tells nothing of it
   */
  static boolean bind(Metadata headers, InboundExchange exchange) {
    ServedCall call = CALLS.remove(headers);
    if (call != null) {
      call.exchange = exchange;
    }
    return call != null;
  }

  /** Lets go of a call that is bound to no exchange. */
  static void forget(Metadata headers) {
    CALLS.remove(headers);
  }

  /** Called within the gate, where what the call is worked for is the thread's. */
  @Override
  public Context filterContext(Context context) {
    return exchange == null ? context : Served.serving(context);
  }

  /** HTTP's status is that of every answer of gRPC. */
  @Override
  public void streamClosed(Status status) {
    InboundExchange ended = exchange;
    if (ended != null) {
      ended.conclude(OK, status.getCause());
    }
  }
}
