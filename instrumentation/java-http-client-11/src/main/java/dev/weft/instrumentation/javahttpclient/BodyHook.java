package dev.weft.instrumentation.javahttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.filter.LocalReply;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Gives the body of a local reply to the handler of the application. */
public final class BodyHook extends MeshHook {
  /** For the hook loader. */
  public BodyHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object exchange, @Nullable Object handler, @Nullable Object b, @Nullable Object c) {
    LocalReply reply = exchange == null ? null : Attempts.LOCAL.remove(exchange);
    return reply == null
        ? Permit.GRANTED
        : Outcome.returned(
            LocalResponse.body(reply, (HttpResponse.BodyHandler<?>) requireNonNull(handler)));
  }
}
