package dev.weft.dataplane.database;

import java.util.Locale;

/**
 * A pattern in which {@code *} is any run of characters, an empty one too. Letters in upper and
 * lower case are the same. Takes no more steps than the lengths of both multiplied. Immutable.
 */
final class Glob {
  private final String pattern;

  Glob(String pattern) {
    this.pattern = pattern.toLowerCase(Locale.ROOT);
  }

  boolean matches(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int at = 0;
    int in = 0;
    int star = -1;
    int retry = 0;
    while (in < lower.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        retry = in;
      } else if (at < pattern.length() && pattern.charAt(at) == lower.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++retry;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
