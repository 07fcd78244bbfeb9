package dev.weft.policy.resource;

import dev.weft.policy.schema.Check;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gateway API HTTPRouteMatch: the table of its fields with the rules of the CRD, and its view. */
final class GatewayMatches {
  static final Check HEADER_NAME =
      GatewayReferences.matching(
          "[A-Za-z0-9!#$%&'*+\\-.^_`|~]+", 256, "the name of a header (letters, digits, -, _)");

  static final Check HEADER_VALUE =
      GatewayReferences.matching(
          "[!-~]+(?:[\\t ]?[!-~]+)*", 4096, "printable ASCII with single spaces in between");

  private static final Check PATH =
      GatewayReferences.matching(
          "(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+", 1024, "a path as it is sent");

  private static final String[] NOT_IN_PATH = {"//", "/./", "/../", "%2f", "%2F", "#"};

  private static final Type PATH_MATCH =
      ObjectType.of("path")
          .field("type", Scalars.choice("Exact", "PathPrefix", "RegularExpression"))
          .field("value", Scalars.text("a path or an RE2 expression", GatewayMatches::length))
          .rule(GatewayMatches::checkPath)
          .build();

  static final Type TYPE =
      ObjectType.of("matches")
          .field("path", PATH_MATCH)
          .field("headers", named("headers", HEADER_VALUE))
          .field("queryParams", named("queryParams", GatewayMatches::parameter))
          .field(
              "method",
              Scalars.choice(
                  "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"))
          .rule(match -> checkNames(match, "headers"))
          .rule(match -> checkNames(match, "queryParams"))
          .build();

  private GatewayMatches() {}

  private static Type named(String name, Check value) {
    return ListType.of(
            ObjectType.of(name)
                .field("type", Scalars.choice("Exact", "RegularExpression"))
                .required("name", Scalars.text("a name", HEADER_NAME))
                .required("value", Scalars.text("a text or an RE2 expression", value))
                .rule(GatewayMatches::checkExpression)
                .build())
        .atMost(16);
  }

  private static @Nullable String length(String text) {
    return text.length() <= 1024 ? null : "must have at most 1024 characters";
  }

  private static @Nullable String parameter(String text) {
    return text.isEmpty() ? "must not be empty" : length(text);
  }

  private static void checkExpression(ObjectView match) {
    String problem =
        match.text("type").equals("RegularExpression") ? Checks.regex(match.text("value")) : null;
    if (problem != null && match.has("value")) {
      match.invalid("value", problem);
    }
  }

  private static void checkPath(ObjectView path) {
    if (path.text("type").equals("RegularExpression")) {
      checkExpression(path);
    } else if (path.has("value")) {
      String problem = pathProblem(path.text("value"));
      if (problem != null) {
        path.invalid("value", problem);
      }
    }
  }

  private static @Nullable String pathProblem(String value) {
    if (!value.startsWith("/")) {
      return "must begin with /";
    }
    for (String part : NOT_IN_PATH) {
      if (value.contains(part)) {
        return "must not contain " + part;
      }
    }
    if (value.endsWith("/..") || value.endsWith("/.")) {
      return "must not end with /.. or /.";
    }
    return PATH.problem(value);
  }

  /** The CRD makes a map of the list, by name. */
  static void checkNames(ObjectView of, String list) {
    Set<String> seen = new HashSet<>();
    for (ObjectView each : of.objects(list)) {
      if (!seen.add(each.text("name"))) {
        each.invalid("name", "is in this list already; keep one");
      }
    }
  }

  /** Returns the match; a path prefix of {@code /}, the default, asks nothing. */
  static RouteMatch match(SpecFields match) {
    return RouteMatch.builder()
        .uri(path(match.object("path")))
        .method(match.has("method") ? StringMatch.exact(match.text("method", "")) : null)
        .headers(named(match, "headers", true))
        .queryParams(named(match, "queryParams", false))
        .build();
  }

  private static @Nullable StringMatch path(SpecFields path) {
    String value = path.text("value", "/");
    switch (path.text("type", "PathPrefix")) {
      case "Exact":
        return StringMatch.exact(value);
      case "RegularExpression":
        return StringMatch.regex(value);
      default:
        StringMatch prefix = prefix(value);
        return prefix.value.equals("/") ? null : prefix;
    }
  }

  /** Returns the match of a path prefix, of which a slash at the end does not count. */
  private static StringMatch prefix(String value) {
    boolean slash = value.length() > 1 && value.endsWith("/");
    return StringMatch.pathPrefix(slash ? value.substring(0, value.length() - 1) : value);
  }

  /** Returns what a ReplacePrefixMatch replaces: the rule has exactly one match then. */
  static StringMatch replaced(List<RouteMatch> matches) {
    StringMatch uri = matches.isEmpty() ? null : matches.get(0).uri;
    return uri == null ? StringMatch.pathPrefix("/") : uri;
  }

  /** Of names that are equivalent the first counts. */
  private static Map<String, StringMatch> named(SpecFields match, String list, boolean lower) {
    Map<String, StringMatch> matches = new LinkedHashMap<>();
    for (SpecFields each : match.objects(list, fields -> fields)) {
      String name = each.text("name", "");
      String value = each.text("value", "");
      matches.putIfAbsent(
          lower ? name.toLowerCase(Locale.ROOT) : name,
          each.text("type", "Exact").equals("Exact")
              ? StringMatch.exact(value)
              : StringMatch.regex(value));
    }
    return matches;
  }
}
