package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.HeaderEditor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was sent of a request, to be sent elsewhere as well, over a connection of its own. Filled by
 * one thread, then only read.
 */
final class RequestCopy implements HeaderEditor {
  private final String method;
  private final String path;
  private final String host;
  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private byte[] body = new byte[0];
  private boolean sendable = true;

  /**
   * A copy without headers.
   *
   * @param authority what the Host header of the request said
   */
  RequestCopy(String method, String path, String authority) {
    this.method = method;
    this.path = path;
    this.host = shadow(authority);
  }

  /** As Envoy marks it, before the port. */
  private static String shadow(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']')
        ? authority.substring(0, colon) + "-shadow" + authority.substring(colon)
        : authority + "-shadow";
  }

  void body(byte[] whole) {
    this.body = whole;
  }

  /** Whether it is a request like any other, rather than a tunnel or a change of protocol. */
  boolean sendable() {
    return sendable && !method.equals("CONNECT") && plain(method) && plain(path) && plain(host);
  }

  private static boolean plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) == 0x7F) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void setHeader(String name, String value) {
    removeHeader(name);
    addHeader(name, value);
  }

  /** Headers of the connection, and those that frame the body, are the copy's own. */
  @Override
  public void addHeader(String name, String value) {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "upgrade":
        // To h2c it is an offer, and the answer may be in HTTP/1.1 all the same.
        sendable &= value.equalsIgnoreCase("h2c");
        return;
      case "connection":
      case "content-length":
      case "expect":
      case "host":
      case "http2-settings":
      case "keep-alive":
      case "proxy-connection":
      case "te":
      case "trailer":
      case "transfer-encoding":
        return;
      default:
        sendable &= plain(name) && value.indexOf('\r') < 0 && value.indexOf('\n') < 0;
        names.add(name);
        values.add(value);
    }
  }

  @Override
  public void removeHeader(String name) {
    for (int i = names.size() - 1; i >= 0; i--) {
      if (names.get(i).equalsIgnoreCase(name)) {
        names.remove(i);
        values.remove(i);
      }
    }
  }

  /** The message in HTTP/1.1, which ends the connection. */
  byte[] message() {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    for (int i = 0; i < names.size(); i++) {
      head.append("\r\n").append(names.get(i)).append(": ").append(values.get(i));
    }
    if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
      head.append("\r\nContent-Length: ").append(body.length);
    }
    head.append("\r\nConnection: close\r\n\r\n");
    byte[] text = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream message = new ByteArrayOutputStream(text.length + body.length);
    message.write(text, 0, text.length);
    message.write(body, 0, body.length);
    return message.toByteArray();
  }
}
