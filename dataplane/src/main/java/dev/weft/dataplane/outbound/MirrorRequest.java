package dev.weft.dataplane.outbound;

import dev.weft.dataplane.snapshot.EndpointPool;
import org.jspecify.annotations.Nullable;

/** What stands for a copy on its way through the chain: where it goes is settled. Immutable. */
final class MirrorRequest implements OutboundRequest {
  private final String host;
  private final EndpointPool pool;

  MirrorRequest(String host, EndpointPool pool) {
    this.host = host;
    this.pool = pool;
  }

  EndpointPool pool() {
    return pool;
  }

  @Override
  public String method() {
    return "CONNECT";
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String authority() {
    return host;
  }

  @Override
  public String path() {
    return host;
  }

  @Override
  public @Nullable String header(String name) {
    return null;
  }

  @Override
  public void setHeader(String name, String value) {}

  @Override
  public void addHeader(String name, String value) {}

  @Override
  public void removeHeader(String name) {}

  @Override
  public boolean replayable() {
    return false;
  }
}
