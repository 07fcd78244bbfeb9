package dev.weft.policy.cel;

import org.jspecify.annotations.Nullable;

/** The signs of one text, from its beginning to its end. For one text, one thread. */
final class CelTokens {
  private final String text;
  private int at;

  CelTokens(String text) {
    this.text = text;
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  boolean atEnd() {
    skipBlanks();
    return at >= text.length();
  }

  boolean is(String sign) {
    skipBlanks();
    return text.startsWith(sign, at);
  }

  boolean take(String sign) {
    boolean found = is(sign);
    // Of "!=" and "!" the former: "a != b" is no negation.
    if (found && sign.equals("!") && text.startsWith("!=", at)) {
      return false;
    }
    at += found ? sign.length() : 0;
    return found;
  }

  boolean takeWord(String word) {
    int before = at;
    if (word.equals(takeName())) {
      return true;
    }
    at = before;
    return false;
  }

  void require(String sign) throws CelException {
    if (!take(sign)) {
      throw unexpected(sign);
    }
  }

  CelException unexpected(String wanted) {
    skipBlanks();
    String rest = text.substring(at, Math.min(text.length(), at + 20));
    return new CelException(
        true,
        "must have "
            + wanted
            + " at character "
            + (at + 1)
            + (rest.isEmpty() ? ", where it ends" : ", not \"" + rest + '"'));
  }

  /** Whether a dot here comes before a function's name. */
  boolean isCallAfterDot() {
    int before = at;
    boolean call = take(".") && takeName() != null && is("(");
    at = before;
    return call;
  }

  @Nullable String takeName() {
    skipBlanks();
    int start = at;
    while (at < text.length() && isNamePart(text.charAt(at), at > start)) {
      at++;
    }
    return at == start ? null : text.substring(start, at);
  }

  private static boolean isNamePart(char c, boolean inside) {
    boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return c == '_' || letter || (inside && isDigit(c));
  }

  /** A text in quotes, or a number; null when something else comes. */
  @Nullable Object takeLiteral() throws CelException {
    skipBlanks();
    if (at >= text.length()) {
      return null;
    }
    char c = text.charAt(at);
    if (c == '"' || c == '\'') {
      return takeText(c);
    }
    boolean negative = c == '-' && at + 1 < text.length() && isDigit(text.charAt(at + 1));
    return isDigit(c) || negative ? takeNumber() : null;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private Object takeNumber() throws CelException {
    int start = at++;
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    String number = text.substring(start, at);
    try {
      return number.indexOf('.') < 0 ? (Object) Long.valueOf(number) : Double.valueOf(number);
    } catch (NumberFormatException e) {
      throw new CelException(true, "has \"" + number + "\", which is no number");
    }
  }

  private String takeText(char quote) throws CelException {
    StringBuilder content = new StringBuilder();
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        at = i + 1;
        return content.toString();
      }
      if (c == '\\' && i + 1 < text.length()) {
        c = text.charAt(++i);
        if ("\\'\"`?".indexOf(c) < 0) {
          throw CelParser.beyond("the escape \\" + c);
        }
      }
      content.append(c);
    }
    throw new CelException(true, "has a text in quotes that does not end");
  }
}
