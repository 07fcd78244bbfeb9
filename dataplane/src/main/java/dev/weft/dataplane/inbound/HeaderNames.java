package dev.weft.dataplane.inbound;

import java.util.List;
import java.util.Locale;

/**
 * Names of headers as policy picks them: in full, by their beginning ({@code abc*}) or their end
 * ({@code *abc}), in any case. Immutable.
 */
final class HeaderNames {
  private final String[] patterns;

  private HeaderNames(String[] patterns) {
    this.patterns = patterns;
  }

  static HeaderNames of(List<String> patterns) {
    String[] lower = new String[patterns.size()];
    for (int i = 0; i < lower.length; i++) {
      lower[i] = patterns.get(i).toLowerCase(Locale.ROOT);
    }
    return new HeaderNames(lower);
  }

  boolean isEmpty() {
    return patterns.length == 0;
  }

  /** Whether any of them means this name. */
  boolean include(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String pattern : patterns) {
      if (pattern.startsWith("*")
          ? lower.endsWith(pattern.substring(1))
          : pattern.endsWith("*")
              ? lower.startsWith(pattern.substring(0, pattern.length() - 1))
              : lower.equals(pattern)) {
        return true;
      }
    }
    return false;
  }
}
