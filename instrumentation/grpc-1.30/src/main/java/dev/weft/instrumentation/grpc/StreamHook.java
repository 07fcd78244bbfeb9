package dev.weft.instrumentation.grpc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import io.grpc.Metadata;
import io.grpc.internal.ServerStream;
import io.grpc.internal.ServerTransport;
import org.jspecify.annotations.Nullable;

/** Leads a call through the gate, unless it came by no network or through another gate. */
public final class StreamHook extends MeshHook {
  private final CallGate gate;

  /** For the hook loader. */
  public StreamHook(HookContext context) {
    super(context);
    this.gate = new CallGate(context);
  }

  /**
   * @param transport the connection that the call came on
   * @param stream its stream
   * @param method full name of its method, {@code pkg.Service/Method}
   * @param headers its headers
   * @return what {@link CallGate} answers
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object transport,
      @Nullable Object stream,
      @Nullable Object method,
      @Nullable Object headers) {
    IncomingCall call =
        new IncomingCall(
            (ServerTransport) requireNonNull(transport),
            (ServerStream) requireNonNull(stream),
            (String) requireNonNull(method),
            (Metadata) requireNonNull(headers));
    try {
      return isGated(call.transport()) ? gate.enter(null, call, call, null) : Permit.GRANTED;
    } finally {
      ServedCall.forget(call.headers());
    }
  }

  /** The container that {@code grpc-servlet} is in has a gate of its own, which saw the request. */
  private static boolean isGated(ServerTransport transport) {
    String kind = transport.getClass().getName();
    return !kind.startsWith("io.grpc.inprocess.") && !kind.startsWith("io.grpc.servlet.");
  }

  /** Ends what {@link #enter} began. */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    return gate.exit(entered, self, result, thrown);
  }
}
