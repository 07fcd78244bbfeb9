package dev.weft.dataplane.snapshot;

/** Reads {@code [user@]host[:port]} in place (RFC 3986 section 3.2). */
final class Authorities {
  private static final String LOCALHOST = "localhost";

  private Authorities() {}

  /** Index after the host that begins at start; an IPv6 literal ends at its bracket. */
  static int hostEnd(String authority, int start) {
    int from = start;
    if (start < authority.length() && authority.charAt(start) == '[') {
      int bracket = authority.indexOf(']', start);
      if (bracket >= 0) {
        from = bracket;
      }
    }
    int colon = authority.indexOf(':', from);
    return colon < 0 ? authority.length() : colon;
  }

  /** The host of a whole authority, an IPv6 literal without its brackets. */
  static String hostOf(String authority) {
    int start = authority.lastIndexOf('@') + 1;
    String host = authority.substring(start, hostEnd(authority, start));
    boolean literal = host.startsWith("[") && host.endsWith("]");
    return literal ? host.substring(1, host.length() - 1) : host;
  }

  /** The port after the host; the default when there is none, -1 when it is no port. */
  static int port(String authority, int hostEnd, int defaultPort) {
    int length = authority.length();
    if (hostEnd >= length - 1) {
      return defaultPort;
    }
    int port = 0;
    for (int i = hostEnd + 1; i < length; i++) {
      int digit = authority.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      port = port * 10 + digit;
      if (port > 65_535) {
        return -1;
      }
    }
    return port;
  }

  /** The port of a whole authority. */
  static int portOf(String authority, String scheme) {
    int start = authority.lastIndexOf('@') + 1;
    return port(authority, hostEnd(authority, start), defaultPort(scheme));
  }

  /**
   * Whether it stands for this machine by its name or a loopback address: calls that a sidecar does
   * not see either.
   */
  static boolean isLoopback(String authority) {
    int start = authority.lastIndexOf('@') + 1;
    int end = hostEnd(authority, start);
    return (authority.startsWith("127.", start) && isNumeric(authority, start, end))
        || (end - start == 5 && authority.startsWith("[::1]", start))
        || (end - start == LOCALHOST.length()
            && authority.regionMatches(true, start, LOCALHOST, 0, LOCALHOST.length()));
  }

  /** Whether it is an address and not a name that begins like one. */
  private static boolean isNumeric(String authority, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = authority.charAt(i);
      if (c != '.' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  /** 443 for https, else 80. */
  static int defaultPort(String scheme) {
    return scheme.equalsIgnoreCase("https") ? 443 : 80;
  }
}
