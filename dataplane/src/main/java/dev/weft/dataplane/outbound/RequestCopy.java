package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.dataplane.http.AgentRequest;

/**
 * What was sent of a request, to be sent elsewhere as well, over a connection of its own. Filled by
 * one thread, then only read.
 */
final class RequestCopy implements HeaderEditor {
  private final AgentRequest request;
  private boolean upgrade;

  /**
   * A copy without headers.
   *
   * @param authority what the Host header of the request said
   */
  RequestCopy(String method, String path, String authority) {
    this.request = new AgentRequest(method, path, shadow(authority));
  }

  /** As Envoy marks it, before the port. */
  private static String shadow(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']')
        ? authority.substring(0, colon) + "-shadow" + authority.substring(colon)
        : authority + "-shadow";
  }

  void body(byte[] whole) {
    if (whole.length > 0 || request.method().equals("POST") || request.method().equals("PUT")) {
      request.body(whole);
    }
  }

  /** Whether it is a request like any other, rather than a tunnel or a change of protocol. */
  boolean sendable() {
    return !upgrade && request.sendable();
  }

  @Override
  public void setHeader(String name, String value) {
    removeHeader(name);
    addHeader(name, value);
  }

  @Override
  public void addHeader(String name, String value) {
    // To h2c it is an offer, and the answer may be in HTTP/1.1 all the same.
    upgrade |= name.equalsIgnoreCase("upgrade") && !value.equalsIgnoreCase("h2c");
    request.addHeader(name, value);
  }

  @Override
  public void removeHeader(String name) {
    request.removeHeader(name);
  }

  /** The message in HTTP/1.1, which ends the connection. */
  byte[] message() {
    return request.message(true);
  }
}
