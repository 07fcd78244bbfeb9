package dev.weft.instrumentation.reactornettyserver;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Leads a request through the gate; what comes of its body later passes. */
public final class RequestHook extends MeshHook {
  private final GateHook gate;

  /** Made by the agent, once per class loader of Reactor Netty. */
  public RequestHook(HookContext context) {
    super(context);
    this.gate = new GateHook(context);
  }

  /**
   * @param self what Reactor Netty has of the request and of its answer
   * @param message the request, or a part of its body
   * @param context where it arrives
   * @return what {@link GateHook} answers
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self,
      @Nullable Object message,
      @Nullable Object context,
      @Nullable Object c) {
    if (!(message instanceof HttpRequest)) {
      return Permit.GRANTED;
    }
    Arrival arrival = new Arrival((ChannelHandlerContext) requireNonNull(context), message);
    Object answer = gate.enter(arrival, self, self, null);
    if (answer instanceof Outcome && !arrival.isHeld()) {
      arrival.release();
    }
    return answer;
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
