package dev.weft.instrumentation.reactornettyserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
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
   * @return what {@link GateHook} answers
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object message, @Nullable Object b, @Nullable Object c) {
    if (!(message instanceof HttpRequest)) {
      return Permit.GRANTED;
    }
    Object answer = gate.enter(null, self, self, null);
    if (answer instanceof Outcome) {
      ReferenceCountUtil.release(message);
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
