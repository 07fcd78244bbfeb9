package dev.weft.dataplane.outbound;

import org.jspecify.annotations.Nullable;

/** What stands for the request of a connection: nothing is known but where it goes. Immutable. */
final class ConnectionRequest implements OutboundRequest {
  private final String authority;

  ConnectionRequest(String authority) {
    this.authority = authority;
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
