package dev.weft.bootstrap;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The gate in front of the hooks of {@code InetAddress} and {@code Socket}: which names were opted
 * in, and which addresses can only be ours. All other names and connections pass without the agent,
 * also while it is starting. Thread-safe.
 */
public final class VirtualNames {
  private static final int NET = 240;

  private static volatile String[] names = new String[0];

  private VirtualNames() {}

  /** Opts these host names in, and no others; case does not matter. */
  public static void optIn(String... hosts) {
    names = hosts.clone();
  }

  /** Whether a name was opted in; a trailing dot is ignored. */
  public static boolean has(@Nullable String host) {
    if (host == null) {
      return false;
    }
    int length = host.endsWith(".") ? host.length() - 1 : host.length();
    for (String name : names) {
      if (name.length() == length && name.regionMatches(true, 0, host, 0, length)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an endpoint's address is in 240.240.0.0/16. */
  public static boolean isVirtual(@Nullable Object endpoint) {
    if (names.length == 0 || !(endpoint instanceof InetSocketAddress)) {
      return false;
    }
    InetAddress address = ((InetSocketAddress) endpoint).getAddress();
    if (!(address instanceof Inet4Address)) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return (bytes[0] & 0xff) == NET && (bytes[1] & 0xff) == NET;
  }
}
