package dev.weft.policy.resource;

import com.google.re2j.Pattern;
import dev.weft.policy.schema.Check;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.StringMatch;
import org.jspecify.annotations.Nullable;

/** Istio HTTPRewrite: the table of its fields, and its view. */
final class HttpRewrites {
  /** What can stand in a request line without becoming another part of it. */
  static final Check PATH = HttpRewrites::pathProblem;

  /** What can stand in a Host header; empty means that there is no other. */
  static final Check AUTHORITY = HttpRewrites::authorityProblem;

  static final Type TYPE =
      ObjectType.of("rewrite")
          .field("uri", Scalars.text("a path", PATH))
          .field("authority", Scalars.text("a host", AUTHORITY))
          .field(
              "uriRegexRewrite",
              ObjectType.of("uriRegexRewrite")
                  .required("match", Scalars.text("an RE2 expression", Checks::regex))
                  .required(
                      "rewrite",
                      Scalars.text("a text with groups as \\1", HttpRewrites::substitution))
                  .build())
          .rule(HttpRewrites::check)
          .build();

  private HttpRewrites() {}

  private static @Nullable String pathProblem(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '#') {
        return "must be a path as it is sent, with %20 for a space and the like";
      }
    }
    return null;
  }

  private static @Nullable String authorityProblem(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F || "/?#@\\\"<>".indexOf(c) >= 0) {
        return "must be host or host:port, not \"" + text + '"';
      }
    }
    return null;
  }

  /** RE2's own rule for what it puts in the place of a match. */
  private static @Nullable String substitution(String text) {
    if (text.isEmpty()) {
      return "must not be empty";
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
        if (i == text.length() || "0123456789\\".indexOf(text.charAt(i)) < 0) {
          return "must have a digit or another \\ after each \\";
        }
      }
    }
    return pathProblem(text);
  }

  private static void check(ObjectView rewrite) {
    boolean uri = !rewrite.text("uri").isEmpty();
    if (uri && rewrite.has("uriRegexRewrite")) {
      rewrite.invalid("uriRegexRewrite", "must not stand beside uri");
    }
    if (!uri && !rewrite.has("uriRegexRewrite") && rewrite.text("authority").isEmpty()) {
      rewrite.invalid("must have uri, uriRegexRewrite or authority");
    }
    ObjectView regex = rewrite.object("uriRegexRewrite");
    if (regex != null) {
      checkGroups(regex);
    }
  }

  private static void checkGroups(ObjectView regex) {
    String match = regex.text("match");
    String text = regex.text("rewrite");
    if (Checks.regex(match) != null) {
      return;
    }
    int groups = Pattern.compile(match).groupCount();
    for (int i = 0; i + 1 < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
        int group = text.charAt(i) - '0';
        if (group > groups && group <= 9) {
          regex.invalid("rewrite", "must not name group " + group + ": match has " + groups);
        }
      }
    }
  }

  /** The path's prefix, if it has one, depends on the match and is not set here. */
  static Rewrite rewrite(SpecFields rewrite) {
    String authority = rewrite.text("authority", "");
    Rewrite.Builder result = Rewrite.builder().authority(authority.isEmpty() ? null : authority);
    if (rewrite.has("uriRegexRewrite")) {
      SpecFields regex = rewrite.object("uriRegexRewrite");
      result.path(
          PathRewrite.builder()
              .match(StringMatch.regex(regex.text("match", "")))
              .value(regex.text("rewrite", ""))
              .build());
    } else if (!rewrite.text("uri", "").isEmpty()) {
      result.path(PathRewrite.builder().value(rewrite.text("uri", "")).build());
    }
    return result.build();
  }
}
