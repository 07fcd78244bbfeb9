package dev.weft.instrumentation.asynchttpclient;

import dev.weft.dataplane.outbound.Attempt;
import org.asynchttpclient.channel.ChannelPoolPartitioning;
import org.asynchttpclient.proxy.ProxyServer;
import org.asynchttpclient.uri.Uri;
import org.jspecify.annotations.Nullable;

/** Keeps channels per instance and trust generation; and tells an attempt from a hop. */
final class InstancePartitioning implements ChannelPoolPartitioning {
  private final String key;

  InstancePartitioning(Attempt attempt) {
    this.key = attempt.poolKey();
  }

  @Override
  public Object getPartitionKey(
      Uri uri, @Nullable String virtualHost, @Nullable ProxyServer proxyServer) {
    return key;
  }
}
