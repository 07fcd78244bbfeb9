package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.HttpExchange;
import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import org.jspecify.annotations.Nullable;

/**
 * Leads an exchange of the server through the gate, at the first of its chains of filters. An
 * exchange that the application wrapped around one of these is inside already.
 */
public final class FilterHook extends MeshHook {
  private final Internals internals = new Internals();
  private final GateHook gate;

  /** Made by the agent. */
  public FilterHook(HookContext context) {
    super(context);
    this.gate = new GateHook(context, internals);
  }

  /** What {@link GateHook} answers; with a permit, the client was asked for its body. */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    HttpExchange request = (HttpExchange) a;
    if (request == null || !internals.isOwn(request)) {
      return request == null ? null : Permit.GRANTED;
    }
    Object answer = gate.enter(self, request, request, null);
    if (answer == null) {
      gate.giveUpBody(request);
    } else if (!(answer instanceof Outcome)) {
      requests(request).askForBody(internals);
    }
    return answer;
  }

  /** Ends what {@link #enter} began. */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object request,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (thrown != null && request != null && internals.isOwn((HttpExchange) request)) {
      HttpExchange exchange = (HttpExchange) request;
      requests(exchange).failed(internals.impl(exchange), thrown);
    }
    return gate.exit(entered, request, result, thrown);
  }

  private Requests requests(HttpExchange exchange) {
    return MeshSocketChannel.of(internals, internals.connection(internals.impl(exchange)))
        .requests();
  }
}
