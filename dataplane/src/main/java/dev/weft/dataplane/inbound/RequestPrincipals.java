package dev.weft.dataplane.inbound;

import dev.weft.dataplane.jwt.VerifiedToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values and not-values of {@code requestPrincipals}: {@code issuer/subject}, of which a {@code *}
 * at the start leaves the beginning of the issuer open and one at the end that of the subject
 * (Istio). As {@link Attribute} for what is absent. Immutable.
 */
final class RequestPrincipals {
  private final Pair[] values;
  private final Pair[] notValues;

  private RequestPrincipals(Pair[] values, Pair[] notValues) {
    this.values = values;
    this.notValues = notValues;
  }

  static RequestPrincipals of(List<String> values, List<String> notValues) {
    return new RequestPrincipals(pairs(values), pairs(notValues));
  }

  boolean unset() {
    return values.length == 0 && notValues.length == 0;
  }

  boolean holds(@Nullable VerifiedToken token, boolean deny) {
    if (unset()) {
      return true;
    }
    String issuer = token == null ? null : token.issuer();
    String subject = token == null ? null : token.subject();
    if (issuer == null || subject == null) {
      return deny && values.length == 0;
    }
    return (values.length == 0 || any(values, issuer, subject)) && !any(notValues, issuer, subject);
  }

  private static boolean any(Pair[] pairs, String issuer, String subject) {
    for (Pair pair : pairs) {
      if (pair.issuer.matches(issuer) && pair.subject.matches(subject)) {
        return true;
      }
    }
    return false;
  }

  private static Pair[] pairs(List<String> values) {
    Pair[] pairs = new Pair[values.size()];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = Pair.of(values.get(i));
    }
    return pairs;
  }

  private static final class Pair {
    private final TextPattern issuer;
    private final TextPattern subject;

    private Pair(String issuer, String subject) {
      this.issuer = TextPattern.of(issuer);
      this.subject = TextPattern.of(subject);
    }

    /** Split at the last slash, for an issuer may be a URL. */
    static Pair of(String value) {
      int slash = value.lastIndexOf('/');
      if (slash >= 0) {
        return new Pair(value.substring(0, slash), value.substring(slash + 1));
      }
      // Without a slash the open side takes all that is not said.
      return value.startsWith("*")
          ? new Pair("*", value)
          : new Pair(value, value.endsWith("*") ? "*" : "");
    }
  }
}
