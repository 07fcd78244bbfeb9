package dev.weft.dataplane.identity;

import org.jspecify.annotations.Nullable;

/**
 * A SPIFFE ID, checked to the letter of SPIFFE-ID sections 2.1 to 2.3: scheme {@code spiffe}, a
 * trust domain of lower-case letters, digits, dot, dash and underscore (at most 255 bytes), path
 * segments of letters, digits, dot, dash and underscore, none empty, {@code .} or {@code ..}, no
 * trailing slash, and at most 2048 bytes in all. Immutable.
 */
public final class SpiffeId {
  private static final String SCHEME = "spiffe://";
  private static final int MAX_LENGTH = 2048;
  private static final int MAX_TRUST_DOMAIN = 255;

  private final String text;
  private final String trustDomain;
  private final String path;

  private SpiffeId(String text, String trustDomain, String path) {
    this.text = text;
    this.trustDomain = trustDomain;
    this.path = path;
  }

  /** The parsed ID, or null when the text is none. */
  public static @Nullable SpiffeId parse(String text) {
    if (text.length() > MAX_LENGTH || !text.startsWith(SCHEME)) {
      return null;
    }
    int slash = text.indexOf('/', SCHEME.length());
    int end = slash < 0 ? text.length() : slash;
    int length = end - SCHEME.length();
    if (length == 0 || length > MAX_TRUST_DOMAIN) {
      return null;
    }
    for (int i = SCHEME.length(); i < end; i++) {
      char c = text.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_')) {
        return null;
      }
    }
    if (slash >= 0 && !validPath(text, slash)) {
      return null;
    }
    return new SpiffeId(
        text, text.substring(SCHEME.length(), end), slash < 0 ? "" : text.substring(slash));
  }

  private static boolean validPath(String text, int from) {
    int segment = from + 1;
    for (int i = from + 1; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '/') {
        int length = i - segment;
        boolean dots =
            (length == 1 && text.charAt(segment) == '.')
                || (length == 2 && text.charAt(segment) == '.' && text.charAt(segment + 1) == '.');
        if (length == 0 || dots) {
          return false;
        }
        segment = i + 1;
      } else if (!segmentCharacter(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean segmentCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_';
  }

  /** The trust domain, lower case. */
  public String trustDomain() {
    return trustDomain;
  }

  /** The path with its leading slash, or the empty string. */
  public String path() {
    return path;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SpiffeId && ((SpiffeId) other).text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
