package dev.weft.dataplane.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that stand for host names of the mesh, for clients that must have an address before
 * they connect. Out of 240.240.0.0/16, which is reserved (RFC 1112 section 4) and which Istio gives
 * to services without addresses: nobody is reached there, so that a connection which misses the
 * mesh fails. A name keeps its address for the life of the process, and most often has the same in
 * each. Thread-safe.
 */
public final class VirtualAddresses {
  private static final byte NET = (byte) 240;
  private static final int HOSTS = 1 << 16;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();

  /** None given yet. */
  public VirtualAddresses() {}

  /**
   * The address of a host name; case does not matter.
   *
   * @throws IllegalStateException when all 65,534 are given
   */
  public InetAddress of(String host) {
    int number = number(host.toLowerCase(Locale.ROOT));
    try {
      return InetAddress.getByAddress(
          host, new byte[] {NET, NET, (byte) (number >>> 8), (byte) number});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private synchronized int number(String name) {
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    if (names.size() >= HOSTS - 2) {
      throw new IllegalStateException("no virtual address is left for " + name);
    }
    int hash = name.hashCode();
    int number = (hash ^ (hash >>> 16)) & (HOSTS - 1);
    while (number == 0 || number == HOSTS - 1 || names.containsKey(number)) {
      number = (number + 1) & (HOSTS - 1);
    }
    numbers.put(name, number);
    names.put(number, name);
    return number;
  }

  /** The host name, in lower case, that an address stands for; null when it is none of these. */
  public @Nullable String hostOf(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != 4 || bytes[0] != NET || bytes[1] != NET) {
      return null;
    }
    int number = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    synchronized (this) {
      return names.get(number);
    }
  }
}
