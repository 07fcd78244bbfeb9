package dev.weft.dataplane;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP addresses as text. Stateless. */
public final class IpText {
  private IpText() {}

  /** The literal of a socket's address; empty where it has none, as before it is connected. */
  public static String of(@Nullable SocketAddress address) {
    if (!(address instanceof InetSocketAddress)) {
      return "";
    }
    InetAddress of = ((InetSocketAddress) address).getAddress();
    return of == null ? "" : of.getHostAddress();
  }

  /** The bytes of a literal; null for anything else. Never asks a name service. */
  public static byte @Nullable [] parse(String text) {
    if (text.indexOf(':') < 0) {
      return four(text);
    }
    int zone = text.indexOf('%');
    String literal = zone < 0 ? text : text.substring(0, zone);
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        return null;
      }
    }
    try {
      // A text with a colon is never looked up; an IPv4-mapped address comes back as IPv4.
      return InetAddress.getByName(literal).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** Dotted decimal: four numbers of 0 to 255 without leading zeros. */
  private static byte @Nullable [] four(String text) {
    byte[] address = new byte[4];
    int at = 0;
    for (int part = 0; part < 4; part++) {
      int value = 0;
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        value = value * 10 + text.charAt(at++) - '0';
        if (value > 255 || (at - start > 1 && text.charAt(start) == '0')) {
          return null;
        }
      }
      boolean ended = part == 3 ? at == text.length() : at < text.length();
      if (at == start || !ended || (part < 3 && text.charAt(at++) != '.')) {
        return null;
      }
      address[part] = (byte) value;
    }
    return address;
  }
}
