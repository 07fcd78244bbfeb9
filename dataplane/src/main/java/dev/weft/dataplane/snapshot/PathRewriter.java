package dev.weft.dataplane.snapshot;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.StringMatch;
import org.jspecify.annotations.Nullable;

/** Writes another path in the place of a request's, as Envoy does, compiled. Immutable. */
final class PathRewriter {
  private final @Nullable StringMatch match;
  private final @Nullable Pattern pattern;
  private final String value;
  private final boolean ownQuery;

  private PathRewriter(PathRewrite rewrite) {
    StringMatch replaced = rewrite.match;
    this.match = replaced;
    this.pattern =
        replaced != null && replaced.kind == StringMatch.Kind.REGEX
            ? Pattern.compile(replaced.value)
            : null;
    this.value = rewrite.value;
    this.ownQuery = value.indexOf('?') >= 0;
  }

  /**
   * The rewriter.
   *
   * @throws IllegalArgumentException when the expression is none, or larger than a policy may write
   */
  static PathRewriter of(PathRewrite rewrite) {
    StringMatch match = rewrite.match;
    if (match != null && match.kind == StringMatch.Kind.REGEX) {
      String problem = Checks.regex(match.value);
      if (problem != null) {
        throw new IllegalArgumentException("the expression of a rewrite " + problem);
      }
    }
    return new PathRewriter(rewrite);
  }

  /** The path and query to send in the place of {@code path}, a path with its query. */
  String rewrite(String path) {
    int query = path.indexOf('?');
    int end = query < 0 ? path.length() : query;
    Pattern expression = pattern;
    StringMatch replaced = match;
    if (expression != null) {
      return replaceAll(expression, path.substring(0, end)) + path.substring(end);
    }
    if (replaced == null) {
      return ownQuery ? value : value + path.substring(end);
    }
    if (replaced.kind == StringMatch.Kind.PATH_PREFIX) {
      return swapElements(path, end, replaced.value);
    }
    int cut = replaced.value.length();
    return cut <= end && path.regionMatches(true, 0, replaced.value, 0, cut)
        ? value + path.substring(cut)
        : path;
  }

  /**
   * Gateway API's ReplacePrefixMatch: elements take the place of elements, so that no slash is
   * doubled or lost ({@code /} in the place of {@code /a} makes {@code /b} of {@code /a/b}).
   */
  private String swapElements(String path, int end, String prefix) {
    int cut = prefix.equals("/") ? 0 : prefix.length();
    if (cut > end
        || !path.regionMatches(0, prefix, 0, cut)
        || !TextMatcher.endsElement(path, end, prefix)) {
      return path;
    }
    int kept = value.endsWith("/") ? value.length() - 1 : value.length();
    String swapped = value.substring(0, kept) + path.substring(cut);
    return swapped.startsWith("/") ? swapped : "/" + swapped;
  }

  /** RE2's GlobalReplace: no empty match right behind another match. */
  private String replaceAll(Pattern expression, String path) {
    Matcher found = expression.matcher(path);
    StringBuilder result = new StringBuilder(path.length() + value.length());
    int copied = 0;
    boolean any = false;
    while (found.find()) {
      if (found.end() == found.start() && any && found.start() == copied) {
        continue;
      }
      result.append(path, copied, found.start());
      substitute(found, result);
      copied = found.end();
      any = true;
    }
    return any ? result.append(path, copied, path.length()).toString() : path;
  }

  private void substitute(Matcher found, StringBuilder result) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\\' || i + 1 == value.length()) {
        result.append(c);
        continue;
      }
      char next = value.charAt(++i);
      if (next < '0' || next > '9') {
        result.append(next);
      } else if (next - '0' <= found.groupCount()) {
        String group = found.group(next - '0');
        result.append(group == null ? "" : group);
      }
    }
  }

  /** Whether a text can stand in a request line as a path, and as nothing else. */
  static boolean isPath(String text) {
    if (text.isEmpty() || text.charAt(0) != '/') {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '#') {
        return false;
      }
    }
    return true;
  }
}
