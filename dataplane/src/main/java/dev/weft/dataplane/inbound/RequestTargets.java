package dev.weft.dataplane.inbound;

/** Forms of the target in a request line (RFC 9112, section 3.2). Stateless. */
public final class RequestTargets {
  private RequestTargets() {}

  /**
   * Path and query of a target: of the absolute form without scheme and authority, of any other
   * form the target itself. A fragment, which no target may have, stays and is the reader's to
   * refuse.
   */
  public static String pathAndQuery(String target) {
    int scheme = target.indexOf("://");
    if (scheme <= 0 || target.indexOf('/') != scheme + 1) {
      return target;
    }
    for (int i = scheme + 3; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '/') {
        return target.substring(i);
      }
      if (c == '?' || c == '#') {
        return "/" + target.substring(i);
      }
    }
    return "/";
  }
}
