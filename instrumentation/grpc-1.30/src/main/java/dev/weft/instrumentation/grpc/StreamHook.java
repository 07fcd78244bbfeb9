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
    String kind = requireNonNull(transport).getClass().getName();
    if (kind.startsWith("io.grpc.inprocess.") || kind.startsWith("io.grpc.servlet.")) {
      // The latter's container has a gate of its own, which saw the same request.
      return Permit.GRANTED;
    }
    IncomingCall call =
        new IncomingCall(
            (ServerTransport) transport,
            (ServerStream) requireNonNull(stream),
            (String) requireNonNull(method),
            (Metadata) requireNonNull(headers));
    return gate.enter(null, call, call, null);
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
