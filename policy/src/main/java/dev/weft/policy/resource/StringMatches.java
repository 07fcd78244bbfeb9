package dev.weft.policy.resource;

import dev.weft.policy.schema.Check;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.StringMatch;

/** Istio StringMatch: exact, prefix or regex. */
final class StringMatches {
  /** For a field of the request that is always there. */
  static final Type REQUIRED = type(true, Checks::notEmpty);

  /** For the path, of which Istio takes an empty prefix for any. */
  static final Type URI = type(true, prefix -> null);

  /** For a field that may be absent: an empty object asks for its presence. */
  static final Type OPTIONAL = type(false, Checks::notEmpty);

  private StringMatches() {}

  private static Type type(boolean conditionRequired, Check prefix) {
    return ObjectType.of("a string match")
        .field("exact", Scalars.text())
        .field("prefix", Scalars.text("a text", prefix))
        .field("regex", Scalars.text("an RE2 expression", Checks::regex))
        .rule(match -> checkCount(match, conditionRequired))
        .build();
  }

  private static void checkCount(ObjectView match, boolean conditionRequired) {
    int count = 0;
    for (String field : new String[] {"exact", "prefix", "regex"}) {
      count += match.has(field) ? 1 : 0;
    }
    if (count > 1 || (count == 0 && conditionRequired)) {
      match.invalid("must have one of exact, prefix and regex");
    }
  }

  static StringMatch match(SpecFields match) {
    if (match.has("exact")) {
      return StringMatch.exact(match.text("exact", ""));
    }
    if (match.has("prefix")) {
      return StringMatch.prefix(match.text("prefix", ""));
    }
    return match.has("regex") ? StringMatch.regex(match.text("regex", "")) : StringMatch.present();
  }
}
