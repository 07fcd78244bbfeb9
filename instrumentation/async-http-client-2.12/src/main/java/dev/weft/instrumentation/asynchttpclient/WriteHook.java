package dev.weft.instrumentation.asynchttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.instrumentation.nettyclient.ChannelSecurity;
import dev.weft.instrumentation.nettyclient.RequestTap;
import io.netty.channel.Channel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets a request be written only on a channel that is as its attempt demands. */
public final class WriteHook extends MeshHook {
  /** For the hook loader. */
  public WriteHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Channel channel = (Channel) requireNonNull(b);
    RequestTap tap = RequestTap.of(channel);
    Sent sent = Sent.of(a);
    Attempt attempt = sent == null ? null : sent.attempt();
    Hop hop = sent == null ? null : sent.hop();
    if (attempt == null && tap == null) {
      return Permit.GRANTED;
    }
    if (attempt == null || hop == null || tap == null || !ChannelSecurity.suits(channel, attempt)) {
      return Outcome.failed(
          new IOException(
              "call refused by the service mesh: its connection is not as it has to be"));
    }
    tap.watch(hop.request());
    return Permit.GRANTED;
  }
}
