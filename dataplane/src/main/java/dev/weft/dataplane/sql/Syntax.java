package dev.weft.dataplane.sql;

/**
 * How quotes, comments and numbers are read, as bits of one number. Where a database leaves it to a
 * setting that nobody outside can see, a text is read in each way (see {@link Dialect}).
 */
final class Syntax {
  /** A backslash in a string takes the next character with it. */
  static final int BACKSLASH = 1;

  /** A block comment may hold others. */
  static final int NESTED = 1 << 1;

  /** {@code #} begins a comment to the end of the line. */
  static final int HASH = 1 << 2;

  /**
   * What stands in such a comment of MySQL or MariaDB is run: {@code /}{@code *! DROP x *}{@code
   * /}.
   */
  static final int EXECUTABLE = 1 << 3;

  /** {@code $tag$} quotes. */
  static final int DOLLAR = 1 << 4;

  /** Backquotes quote names. */
  static final int BACKQUOTE = 1 << 5;

  /** Brackets quote names. */
  static final int BRACKET = 1 << 6;

  /** Double quotes are strings, with backslashes as in others. */
  static final int DOUBLE_QUOTED_STRING = 1 << 7;

  /** Two dashes are a comment only before a space. */
  static final int DASH_SPACE = 1 << 8;

  /** {@code q'[text]'} quotes. */
  static final int ORACLE_QUOTE = 1 << 9;

  /** A number may end in {@code e}. */
  static final int OPEN_EXPONENT = 1 << 10;

  /**
   * A statement may follow another without anything between, so verbs count wherever they stand.
   */
  static final int ANYWHERE = 1 << 11;

  /** {@code @} and {@code #} are letters of names. */
  static final int SIGNS_IN_NAMES = 1 << 12;

  /** SELECT INTO fills variables or files and makes no table. */
  static final int INTO_VARIABLE = 1 << 13;

  /** A backslash takes the next character with it in {@code E'..'}, whatever holds elsewhere. */
  static final int ESCAPE_STRING = 1 << 14;

  /** A text may begin with the name of a procedure to run. */
  static final int CALLS_BY_NAME = 1 << 15;

  /** Two slashes begin a comment to the end of the line. */
  static final int SLASHES = 1 << 16;

  private Syntax() {}

  /** Whether the text holds anything that this bit could make a difference to. */
  static boolean matters(int bit, String text) {
    switch (bit) {
      case BACKSLASH:
        return text.indexOf('\\') >= 0;
      case DOUBLE_QUOTED_STRING:
        return text.indexOf('"') >= 0 && text.indexOf('\\') >= 0;
      case NESTED:
        int first = text.indexOf("/*");
        return first >= 0 && text.indexOf("/*", first + 2) >= 0;
      case EXECUTABLE:
        return text.contains("/*!") || text.contains("/*M!");
      case HASH:
        return text.indexOf('#') >= 0;
      case DOLLAR:
        return text.indexOf('$') >= 0;
      case BRACKET:
        return text.indexOf('[') >= 0;
      case BACKQUOTE:
        return text.indexOf('`') >= 0;
      case SLASHES:
        return text.contains("//");
      case DASH_SPACE:
        return text.contains("--");
      default:
        return true;
    }
  }
}
