package dev.weft.policy.resource;

import dev.weft.policy.schema.Check;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.StringMatch;
import org.jspecify.annotations.Nullable;

/** Istio StringMatch: exact, prefix or regex. */
final class StringMatches {
  /** What Istio's withoutHeaders take for any value, though it is no RE2 expression. */
  private static final String ANY = "*";

  /** For the path, of which Istio takes an empty prefix for any. */
  static final Type URI = type(prefix -> null, Checks::regex);

  /** For other parts of a request: an empty object asks for their presence. */
  static final Type TYPE = type(Checks::notEmpty, Checks::regex);

  /** For headers that must be absent. */
  static final Type ABSENT =
      type(Checks::notEmpty, regex -> regex.equals(ANY) ? null : Checks.regex(regex));

  private StringMatches() {}

  private static Type type(Check prefix, Check regex) {
    return ObjectType.of("a string match")
        .field("exact", Scalars.text())
        .field("prefix", Scalars.text("a text", prefix))
        .field("regex", Scalars.text("an RE2 expression", regex))
        .rule(StringMatches::checkCount)
        .build();
  }

  private static void checkCount(ObjectView match) {
    int count = 0;
    for (String field : new String[] {"exact", "prefix", "regex"}) {
      count += match.has(field) ? 1 : 0;
    }
    if (count > 1) {
      match.invalid("must have one of exact, prefix and regex");
    }
  }

  /** Returns the match of a part that every request has: an empty one is the same as none. */
  static @Nullable StringMatch ofPart(SpecFields of, String field) {
    StringMatch match = of.optionalObject(field, StringMatches::match);
    return match == null || match.equals(StringMatch.present()) ? null : match;
  }

  static StringMatch match(SpecFields match) {
    if (match.has("exact")) {
      return StringMatch.exact(match.text("exact", ""));
    }
    if (match.has("prefix")) {
      return StringMatch.prefix(match.text("prefix", ""));
    }
    String regex = match.text("regex", ANY);
    return regex.equals(ANY) ? StringMatch.present() : StringMatch.regex(regex);
  }
}
