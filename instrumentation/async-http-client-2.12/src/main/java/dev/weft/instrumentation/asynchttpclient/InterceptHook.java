package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Lets the driver decide on a response before anybody else sees it. */
public final class InterceptHook extends MeshHook {
  /** For the hook loader. */
  public InterceptHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Sent sent = Sent.of(b);
    Hop hop = sent == null ? null : sent.hop();
    if (hop == null || a == null || c == null) {
      return Permit.GRANTED;
    }
    return hop.answered((Channel) a, (HttpResponse) c) ? Permit.GRANTED : Outcome.returned(null);
  }
}
