package dev.weft.dataplane.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A small request that the agent makes itself. What would be another message than the one that was
 * meant is kept, and makes it {@link #sendable not sendable}. Filled by one thread, then only read.
 */
public final class AgentRequest {
  private final String method;
  private final String path;
  private final String host;
  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private byte @Nullable [] body;
  private boolean sendable;

  /**
   * A request without headers and body.
   *
   * @param path with query
   * @param host what the Host header says
   */
  public AgentRequest(String method, String path, String host) {
    this.method = method;
    this.path = path;
    this.host = host;
    this.sendable = !method.equals("CONNECT") && isPlain(method) && isPlain(path) && isPlain(host);
  }

  /** Whether a header is the connection's own, or frames the body, and so is never handed on. */
  public static boolean isOfConnection(String name) {
    switch (name.toLowerCase(Locale.ROOT)) {
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
      case "upgrade":
        return true;
      default:
        return false;
    }
  }

  /** Adds a header; one that {@link #isOfConnection} is left out. */
  public void addHeader(String name, String value) {
    if (isOfConnection(name)) {
      return;
    }
    sendable &= isPlain(name) && isOneLine(value);
    names.add(name);
    values.add(value);
  }

  /** Takes all values of a header out. */
  public void removeHeader(String name) {
    for (int i = names.size() - 1; i >= 0; i--) {
      if (names.get(i).equalsIgnoreCase(name)) {
        names.remove(i);
        values.remove(i);
      }
    }
  }

  /** Sets the body, which may be empty; the array is not to be changed any more. */
  public void body(byte[] whole) {
    this.body = whole;
  }

  /** Method of the request. */
  public String method() {
    return method;
  }

  /** Path with query. */
  public String path() {
    return path;
  }

  /** Whether it is a request like any other, rather than a tunnel or two requests in one. */
  public boolean sendable() {
    return sendable;
  }

  /** The message in HTTP/1.1; {@code last} asks for the connection's end after it. */
  public byte[] message(boolean last) {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    for (int i = 0; i < names.size(); i++) {
      head.append("\r\n").append(names.get(i)).append(": ").append(values.get(i));
    }
    byte[] content = body;
    if (content != null) {
      head.append("\r\nContent-Length: ").append(content.length);
    }
    head.append(last ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n");
    byte[] text = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    if (content == null || content.length == 0) {
      return text;
    }
    byte[] message = Arrays.copyOf(text, text.length + content.length);
    System.arraycopy(content, 0, message, text.length, content.length);
    return message;
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) == 0x7F) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isOneLine(String value) {
    return value.indexOf('\r') < 0 && value.indexOf('\n') < 0 && value.indexOf('\0') < 0;
  }
}
