package dev.weft.dataplane.inbound;

import java.util.List;
import java.util.Locale;

/**
 * A value of an AuthorizationPolicy: exact, {@code prefix*}, {@code *suffix}, or {@code *} for
 * present and not empty; in paths also Istio's templates <code>{*}</code> (one segment) and <code>
 * {**}</code> (any rest). Immutable.
 */
final class TextPattern {
  private enum Kind {
    EXACT,
    PREFIX,
    SUFFIX,
    PRESENT,
    NOT_EMPTY,
    TEMPLATE
  }

  private static final String SCHEME = "spiffe://";

  private final Kind kind;
  private final String text;
  private final boolean ignoreCase;

  private TextPattern(Kind kind, String text, boolean ignoreCase) {
    this.kind = kind;
    this.text = text;
    this.ignoreCase = ignoreCase;
  }

  static TextPattern[] of(List<String> values) {
    TextPattern[] patterns = new TextPattern[values.size()];
    for (int i = 0; i < patterns.length; i++) {
      patterns[i] = of(values.get(i), false, false);
    }
    return patterns;
  }

  static TextPattern of(String value) {
    return of(value, false, false);
  }

  /** Of a header {@code *} asks for presence, and an empty header is there (Envoy). */
  static TextPattern[] headers(List<String> values) {
    TextPattern[] patterns = of(values);
    for (int i = 0; i < patterns.length; i++) {
      if (patterns[i].kind == Kind.NOT_EMPTY) {
        patterns[i] = new TextPattern(Kind.PRESENT, "", false);
      }
    }
    return patterns;
  }

  /** SPIFFE IDs; Istio writes them without the scheme, and one written with it means the same. */
  static TextPattern[] principals(List<String> values) {
    TextPattern[] patterns = new TextPattern[values.size()];
    for (int i = 0; i < patterns.length; i++) {
      String value = values.get(i);
      patterns[i] =
          of(value.startsWith(SCHEME) ? value.substring(SCHEME.length()) : value, false, false);
    }
    return patterns;
  }

  static TextPattern[] paths(List<String> values) {
    TextPattern[] patterns = new TextPattern[values.size()];
    for (int i = 0; i < patterns.length; i++) {
      patterns[i] = of(values.get(i), false, true);
    }
    return patterns;
  }

  static TextPattern[] hosts(List<String> values) {
    TextPattern[] patterns = new TextPattern[values.size()];
    for (int i = 0; i < patterns.length; i++) {
      patterns[i] = of(values.get(i).toLowerCase(Locale.ROOT), true, false);
    }
    return patterns;
  }

  private static TextPattern of(String value, boolean ignoreCase, boolean path) {
    if (value.equals("*")) {
      return new TextPattern(Kind.NOT_EMPTY, "", ignoreCase);
    }
    if (path && value.indexOf('{') >= 0) {
      int rest = value.indexOf("{**}");
      if (rest >= 0 && value.indexOf("{**}", rest + 1) >= 0) {
        throw new IllegalArgumentException(value + " has {**} more than once");
      }
      return new TextPattern(Kind.TEMPLATE, value, ignoreCase);
    }
    if (value.endsWith("*")) {
      return new TextPattern(Kind.PREFIX, value.substring(0, value.length() - 1), ignoreCase);
    }
    if (value.startsWith("*")) {
      return new TextPattern(Kind.SUFFIX, value.substring(1), ignoreCase);
    }
    return new TextPattern(Kind.EXACT, value, ignoreCase);
  }

  static boolean any(TextPattern[] patterns, String value) {
    for (TextPattern pattern : patterns) {
      if (pattern.matches(value)) {
        return true;
      }
    }
    return false;
  }

  boolean matches(String value) {
    switch (kind) {
      case PRESENT:
        return true;
      case NOT_EMPTY:
        return !value.isEmpty();
      case PREFIX:
        return ignoreCase ? region(value, 0) : value.startsWith(text);
      case SUFFIX:
        return ignoreCase ? region(value, value.length() - text.length()) : value.endsWith(text);
      case TEMPLATE:
        return template(0, value, 0);
      default:
        // equals is an intrinsic of the JVM, regionMatches a loop: most values are compared here.
        return ignoreCase
            ? value.length() == text.length() && region(value, 0)
            : value.equals(text);
    }
  }

  private boolean region(String value, int at) {
    return value.regionMatches(true, at, text, 0, text.length());
  }

  /** Segment by segment; a template is at most a few segments long, so recursion is shallow. */
  private boolean template(int at, String value, int from) {
    int t = at;
    int v = from;
    while (t < text.length()) {
      if (text.startsWith("{**}", t)) {
        for (int end = value.length(); end >= v; end--) {
          if (template(t + 4, value, end)) {
            return true;
          }
        }
        return false;
      }
      if (text.startsWith("{*}", t)) {
        int end = v;
        while (end < value.length() && value.charAt(end) != '/') {
          end++;
        }
        if (end == v) {
          return false;
        }
        t += 3;
        v = end;
      } else if (v < value.length() && text.charAt(t) == value.charAt(v)) {
        t++;
        v++;
      } else {
        return false;
      }
    }
    return v == value.length();
  }
}
