package dev.weft.controlserver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;

/** Where the server listens, and the names that its certificate carries for it. */
final class ListenAddress {
  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

  private ListenAddress() {}

  /**
   * Checks a name that an operator gave.
   *
   * @throws IllegalArgumentException when it is neither a host name nor an address
   */
  static void requireName(String name) {
    if (!IPAddress.isValid(name) && !HOST_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "--public-name is '" + name + "': give a host name or an IP address, without a port");
    }
  }

  static List<String> names(ServerSettings settings, InetSocketAddress listen) {
    if (listen.isUnresolved()) {
      throw new StartupException(
          "the host of --listen, " + settings.listenHost() + ", does not resolve: give an address");
    }
    Set<String> names = new LinkedHashSet<>(settings.publicNames());
    names.add("localhost");
    names.add("127.0.0.1");
    names.add("::1");
    InetAddress bound = listen.getAddress();
    if (!bound.isAnyLocalAddress()) {
      names.add(plain(bound));
    } else {
      try {
        names.add(InetAddress.getLocalHost().getHostName());
      } catch (UnknownHostException nameless) {
        // The machine's own name is a convenience; --public-name says what agents really use.
      }
    }
    if (!settings.listenHost().isEmpty() && !bound.isAnyLocalAddress()) {
      names.add(settings.listenHost());
    }
    return List.copyOf(names);
  }

  /** {@code host:port}, with brackets around an IPv6 address. */
  static String text(InetSocketAddress address) {
    String host = plain(address.getAddress());
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static String plain(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
