package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.QueryText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in a request a token may stand (Istio fromHeaders, fromParams, fromCookies). Two different
 * tokens in one place are told apart from none and one, for readers may take either. Immutable.
 */
final class TokenPlace {
  /** What {@link #find} answers to two different tokens: nothing that could be one. */
  static final String AMBIGUOUS = "?";

  private enum Kind {
    HEADER,
    PARAMETER,
    COOKIE
  }

  private final Kind kind;
  private final String name;
  private final String prefix;

  private TokenPlace(Kind kind, String name, String prefix) {
    this.kind = kind;
    this.name = name;
    this.prefix = prefix;
  }

  static TokenPlace header(String name, String prefix) {
    return new TokenPlace(Kind.HEADER, name, prefix);
  }

  static TokenPlace parameter(String name) {
    return new TokenPlace(Kind.PARAMETER, name, "");
  }

  static TokenPlace cookie(String name) {
    return new TokenPlace(Kind.COOKIE, name, "");
  }

  boolean isSameAs(TokenPlace other) {
    return kind == other.kind
        && (kind == Kind.HEADER ? name.equalsIgnoreCase(other.name) : name.equals(other.name))
        && prefix.equals(other.prefix);
  }

  /** The token; null when there is none; {@link #AMBIGUOUS} when there are different ones. */
  @Nullable String find(InboundRequest request) {
    switch (kind) {
      case HEADER:
        return inHeaders(request.headers(name));
      case COOKIE:
        return inCookies(request.headers("cookie"));
      default:
        return inQuery(request.rawPath());
    }
  }

  /** Hides the token from the application; of a query or a cookie it stays, as behind a sidecar. */
  void hide(InboundRequest request) {
    if (kind == Kind.HEADER) {
      request.removeHeader(name);
    }
  }

  private @Nullable String inHeaders(List<String> values) {
    String found = null;
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      // Envoy looks for the prefix anywhere in the value: it may hold more than one credential.
      int at = value.indexOf(prefix);
      if (at >= 0) {
        found = both(found, token(value, at + prefix.length()));
      }
    }
    return found;
  }

  private @Nullable String inCookies(List<String> headers) {
    String found = null;
    for (int i = 0; i < headers.size(); i++) {
      String header = headers.get(i);
      for (int at = 0; at < header.length(); ) {
        int end = end(header, ';', at);
        int equal = header.indexOf('=', at);
        if (equal >= 0 && equal < end && name.equals(header.substring(at, equal).trim())) {
          found = both(found, token(header.substring(0, end), equal + 1));
        }
        at = end + 1;
      }
    }
    return found;
  }

  private @Nullable String inQuery(String target) {
    int at = target.indexOf('?') + 1;
    String found = null;
    while (at > 0 && at < target.length()) {
      int end = end(target, '&', at);
      int equal = target.indexOf('=', at);
      int nameEnd = equal < 0 || equal > end ? end : equal;
      if (name.equals(QueryText.decode(target.substring(at, nameEnd)))) {
        String value = QueryText.decode(target.substring(Math.min(nameEnd + 1, end), end));
        found = both(found, token(value, 0));
      }
      at = end + 1;
    }
    return found;
  }

  private static @Nullable String both(@Nullable String found, String next) {
    return found == null || found.equals(next) ? next : AMBIGUOUS;
  }

  /** The first run of the characters of a token; the rest as it is when there are none. */
  private static String token(String value, int from) {
    int start = from;
    while (start < value.length() && !isOfToken(value.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < value.length() && isOfToken(value.charAt(end))) {
      end++;
    }
    return start == end ? value.substring(from) : value.substring(start, end);
  }

  private static boolean isOfToken(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.';
  }

  private static int end(String text, char separator, int from) {
    int end = text.indexOf(separator, from);
    return end < 0 ? text.length() : end;
  }

  @Override
  public String toString() {
    switch (kind) {
      case HEADER:
        return "header " + name;
      case COOKIE:
        return "cookie " + name;
      default:
        return "query parameter " + name;
    }
  }
}
