package dev.weft.dataplane.sql;

/** Cuts a text into words, names, literals and signs, in one pass. Used by one thread. */
final class SqlScanner {
  /** What a token is. */
  enum Token {
    /** A word without quotes, which may be a keyword. */
    WORD,
    /** A name in quotes. */
    NAME,
    /** A string or a number. */
    LITERAL,
    /** A parameter, {@code ?} or {@code $1}. */
    PARAMETER,
    /** Anything else, one character. */
    SIGN,
    /** The end of the text. */
    END
  }

  private final String text;
  private final int end;
  private final int syntax;
  private int at;
  private int start;
  private boolean spaced;
  private int executable;

  SqlScanner(String text, int end, int syntax) {
    this.text = text;
    this.end = end;
    this.syntax = syntax;
  }

  /** Where the token begins. */
  int start() {
    return start;
  }

  /** Where the next one may begin. */
  int position() {
    return at;
  }

  /** Whether space or a comment stood before the token. */
  boolean spaced() {
    return spaced;
  }

  Token next() {
    skipSpace();
    start = at;
    if (at >= end) {
      return Token.END;
    }
    char c = text.charAt(at);
    if (c == '\'') {
      return string('\'', has(Syntax.BACKSLASH), Token.LITERAL);
    }
    if (c == '"') {
      return has(Syntax.DOUBLE_QUOTED_STRING)
          ? string('"', has(Syntax.BACKSLASH), Token.LITERAL)
          : string('"', false, Token.NAME);
    }
    if (c == '`' && has(Syntax.BACKQUOTE)) {
      return string('`', false, Token.NAME);
    }
    if (c == '[' && has(Syntax.BRACKET)) {
      return string(']', false, Token.NAME);
    }
    if (isDigit(c) || (c == '.' && isDigit(charAt(at + 1)))) {
      return number();
    }
    if (isLetter(c) || (has(Syntax.SIGNS_IN_NAMES) && (c == '@' || c == '#'))) {
      return word();
    }
    if (c == '$') {
      return dollar();
    }
    at++;
    return c == '?' ? Token.PARAMETER : Token.SIGN;
  }

  private boolean has(int bit) {
    return (syntax & bit) != 0;
  }

  /** The character there, or NUL beyond the end. */
  private char charAt(int index) {
    return index < end ? text.charAt(index) : '\0';
  }

  private void skipSpace() {
    spaced = false;
    for (; at < end; spaced = true) {
      char c = text.charAt(at);
      if (c == '-' && charAt(at + 1) == '-' && (!has(Syntax.DASH_SPACE) || endsWord(at + 2))) {
        skipLine();
      } else if (c == '#' && has(Syntax.HASH)) {
        skipLine();
      } else if (c == '/' && charAt(at + 1) == '/' && has(Syntax.SLASHES)) {
        skipLine();
      } else if (c == '/' && charAt(at + 1) == '*') {
        skipComment();
      } else if (c == '*' && executable > 0 && charAt(at + 1) == '/') {
        executable--;
        at += 2;
      } else if (isSpace(c)) {
        at++;
      } else {
        return;
      }
    }
  }

  private boolean endsWord(int index) {
    return index >= end || text.charAt(index) <= ' ';
  }

  /** Beyond ASCII, what is no letter and no digit separates: some databases take it for space. */
  private static boolean isSpace(char c) {
    return c <= ' ' || c == 0x7F || (c > 0x7F && !isLetter(c) && !Character.isDigit(c));
  }

  private void skipLine() {
    while (at < end && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      at++;
    }
  }

  private void skipComment() {
    if (has(Syntax.EXECUTABLE)) {
      int mark = charAt(at + 2) == 'M' ? at + 3 : at + 2;
      if (charAt(mark) == '!') {
        at = mark + 1;
        // The lowest version that runs it: five digits, or six.
        while (isDigit(charAt(at)) && at < mark + 7) {
          at++;
        }
        executable++;
        return;
      }
    }
    int depth = 1;
    at += 2;
    while (at < end && depth > 0) {
      char c = text.charAt(at);
      if (c == '*' && charAt(at + 1) == '/') {
        depth--;
        at += 2;
      } else if (c == '/' && charAt(at + 1) == '*' && has(Syntax.NESTED)) {
        depth++;
        at += 2;
      } else {
        at++;
      }
    }
  }

  /** From the quote on to the one that closes; two of them are one inside. */
  private Token string(char close, boolean backslash, Token token) {
    at++;
    while (at < end) {
      char c = text.charAt(at++);
      if (c == '\\' && backslash) {
        at++;
      } else if (c == close) {
        if (charAt(at) != close || at >= end) {
          return token;
        }
        at++;
      }
    }
    at = Math.min(at, end);
    return token;
  }

  private Token number() {
    if (text.charAt(at) == '0' && (charAt(at + 1) | 0x20) == 'x') {
      at += 2;
      while (Character.digit(charAt(at), 16) >= 0 && at < end) {
        at++;
      }
      return Token.LITERAL;
    }
    digits();
    if (charAt(at) == '.') {
      at++;
      digits();
    }
    if ((charAt(at) | 0x20) == 'e') {
      char sign = charAt(at + 1);
      boolean signed = sign == '+' || sign == '-';
      if (isDigit(charAt(signed ? at + 2 : at + 1))) {
        at += signed ? 2 : 1;
        digits();
      } else if (has(Syntax.OPEN_EXPONENT)) {
        at++;
      }
    }
    return Token.LITERAL;
  }

  private void digits() {
    while (isDigit(charAt(at))) {
      at++;
    }
  }

  private Token word() {
    while (at < end && isPartOfName(text.charAt(at))) {
      at++;
    }
    if (charAt(at) != '\'') {
      return Token.WORD;
    }
    // A prefix of a string: E'..', N'..', X'..', B'..', U&'..', q'[..]'.
    int length = at - start;
    char first = (char) (text.charAt(start) | 0x20);
    char last = (char) (text.charAt(at - 1) | 0x20);
    if (has(Syntax.ORACLE_QUOTE) && last == 'q' && (length == 1 || (length == 2 && first == 'n'))) {
      return oracleQuote();
    }
    if (length == 1 && (first == 'e' || first == 'n' || first == 'x' || first == 'b')) {
      boolean escapes = first == 'e' && has(Syntax.ESCAPE_STRING);
      return string('\'', escapes || has(Syntax.BACKSLASH), Token.LITERAL);
    }
    return Token.WORD;
  }

  private Token oracleQuote() {
    char open = charAt(at + 1);
    int pair = "[{(<".indexOf(open);
    char close = pair < 0 ? open : "]})>".charAt(pair);
    at = Math.min(at + 2, end);
    while (at < end && !(text.charAt(at) == close && charAt(at + 1) == '\'')) {
      at++;
    }
    at = Math.min(at + 2, end);
    return Token.LITERAL;
  }

  private Token dollar() {
    int tagEnd = at + 1;
    if (isDigit(charAt(tagEnd))) {
      at = tagEnd;
      digits();
      return Token.PARAMETER;
    }
    while (charAt(tagEnd) != '$' && isPartOfName(charAt(tagEnd))) {
      tagEnd++;
    }
    if (!has(Syntax.DOLLAR) || charAt(tagEnd) != '$') {
      at++;
      return Token.SIGN;
    }
    String tag = text.substring(at, tagEnd + 1);
    int close = text.indexOf(tag, tagEnd + 1);
    at = close < 0 ? end : Math.min(end, close + tag.length());
    return Token.LITERAL;
  }

  private boolean isPartOfName(char c) {
    return isLetter(c)
        || isDigit(c)
        || c == '$'
        || (has(Syntax.SIGNS_IN_NAMES) && (c == '@' || c == '#'));
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (c > 0x7F && Character.isLetter(c));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
