package dev.weft.dataplane.inbound;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values and not-values of one attribute. An absent attribute never satisfies an ALLOW, neither its
 * values nor its not-values, and always satisfies the not-values of a DENY: a negative rule must
 * not fail open on what is not there. Immutable.
 */
final class Attribute {
  private final TextPattern[] values;
  private final TextPattern[] notValues;

  private Attribute(TextPattern[] values, TextPattern[] notValues) {
    this.values = values;
    this.notValues = notValues;
  }

  static Attribute of(TextPattern[] values, TextPattern[] notValues) {
    return new Attribute(values, notValues);
  }

  boolean unset() {
    return values.length == 0 && notValues.length == 0;
  }

  boolean holds(@Nullable String value, boolean deny) {
    if (values.length == 0 && notValues.length == 0) {
      return true;
    }
    if (value == null) {
      return deny && values.length == 0;
    }
    return (values.length == 0 || TextPattern.any(values, value))
        && (notValues.length == 0 || !TextPattern.any(notValues, value));
  }

  /**
   * As {@link #holds(String, boolean)} for an attribute with any number of values: a text, or a
   * list of which the texts count. Without a text it is absent.
   */
  boolean holdsAny(@Nullable Object textOrList, boolean deny) {
    if (!(textOrList instanceof List)) {
      return holds(textOrList instanceof String ? (String) textOrList : null, deny);
    }
    boolean absent = true;
    boolean matches = false;
    boolean excluded = false;
    List<?> all = (List<?>) textOrList;
    for (int i = 0; i < all.size(); i++) {
      Object each = all.get(i);
      if (each instanceof String) {
        absent = false;
        matches |= TextPattern.any(values, (String) each);
        excluded |= TextPattern.any(notValues, (String) each);
      }
    }
    return absent ? holds(null, deny) : (values.length == 0 || matches) && !excluded;
  }

  /** In a DENY: the negative holds, and the values where what can be read matches them. */
  boolean holdsUndecodable(String value) {
    return values.length == 0 || TextPattern.any(values, value);
  }
}
