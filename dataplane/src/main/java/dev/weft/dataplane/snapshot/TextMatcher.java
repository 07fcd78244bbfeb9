package dev.weft.dataplane.snapshot;

import com.google.re2j.Pattern;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.snapshot.StringMatch;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A condition on a piece of text, compiled. Immutable. */
public final class TextMatcher {
  private final StringMatch.Kind kind;
  private final String value;
  private final boolean ignoreCase;
  private final @Nullable Pattern pattern;

  private TextMatcher(StringMatch match, boolean ignoreCase) {
    this.kind = match.kind;
    this.value = match.value;
    this.ignoreCase = ignoreCase;
    this.pattern = match.kind == StringMatch.Kind.REGEX ? Pattern.compile(match.value) : null;
  }

  /**
   * The matcher.
   *
   * @param ignoreCase for exact and prefix; a regular expression says so itself
   * @throws IllegalArgumentException when the expression is none, or larger than a policy may
   *     write: what the server would have refused must not take this process's memory or time
   *     either
   */
  public static TextMatcher of(StringMatch match, boolean ignoreCase) {
    String problem = match.kind == StringMatch.Kind.REGEX ? Checks.regex(match.value) : null;
    if (problem != null) {
      String shown = match.value.length() > 64 ? match.value.substring(0, 64) + "..." : match.value;
      throw new IllegalArgumentException("regular expression \"" + shown + "\" " + problem);
    }
    return new TextMatcher(match, ignoreCase);
  }

  /** Whether the text up to end matches; null never does. */
  boolean matches(@Nullable String text, int end) {
    if (text == null) {
      return false;
    }
    switch (kind) {
      case PRESENT:
        return true;
      case EXACT:
        return value.length() == end && text.regionMatches(ignoreCase, 0, value, 0, end);
      case PREFIX:
        return value.length() <= end && text.regionMatches(ignoreCase, 0, value, 0, value.length());
      case PATH_PREFIX:
        return value.length() <= end
            && text.regionMatches(ignoreCase, 0, value, 0, value.length())
            && endsElement(text, end, value);
      case REGEX:
      default:
        Pattern compiled = pattern;
        String whole = end == text.length() ? text : text.substring(0, end);
        return compiled != null
            && compiled.matches(ignoreCase ? whole.toLowerCase(Locale.ROOT) : whole);
    }
  }

  /** Whether an element of the path ends where the prefix does. */
  static boolean endsElement(String path, int end, String prefix) {
    int cut = prefix.length();
    return cut == end || path.charAt(cut) == '/' || prefix.endsWith("/");
  }

  /** Whether the text matches; null never does. */
  public boolean matches(@Nullable String text) {
    return text != null && matches(text, text.length());
  }
}
