package dev.weft.dataplane.outbound;

import dev.weft.dataplane.snapshot.EndpointPool;
import org.jspecify.annotations.Nullable;

/** What stands for the request of a connection: nothing is known but where it goes. Immutable. */
final class ConnectionRequest implements OutboundRequest {
  private final String authority;
  private final @Nullable EndpointPool pool;

  ConnectionRequest(String authority) {
    this(authority, null);
  }

  /** For a copy of a request, whose route has settled which endpoints may get it. */
  ConnectionRequest(String authority, @Nullable EndpointPool pool) {
    this.authority = authority;
    this.pool = pool;
  }

  /** The endpoints that are settled; null where a route has to find them. */
  @Nullable EndpointPool pool() {
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
    return authority;
  }

  @Override
  public String path() {
    return authority;
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

  /** Nothing is sent before the connection is there. */
  @Override
  public boolean replayable() {
    return true;
  }
}
