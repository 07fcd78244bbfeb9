package dev.weft.dataplane.sql;

/**
 * The language of a database: what is certain about it, and what depends on settings, so that a
 * text has to be read both ways.
 */
public enum Dialect {
  POSTGRESQL(Syntax.NESTED | Syntax.DOLLAR | Syntax.ESCAPE_STRING, Syntax.BACKSLASH, 0),
  /** MariaDB too. */
  MYSQL(
      Syntax.HASH | Syntax.BACKQUOTE | Syntax.DASH_SPACE | Syntax.INTO_VARIABLE,
      Syntax.BACKSLASH | Syntax.EXECUTABLE | Syntax.DOUBLE_QUOTED_STRING,
      Syntax.BACKSLASH | Syntax.EXECUTABLE | Syntax.DOUBLE_QUOTED_STRING),
  H2(Syntax.DOLLAR | Syntax.BACKQUOTE | Syntax.SLASHES, Syntax.NESTED | Syntax.BRACKET, 0),
  ORACLE(Syntax.ORACLE_QUOTE, 0, 0),
  SQL_SERVER(
      Syntax.NESTED
          | Syntax.BRACKET
          | Syntax.ANYWHERE
          | Syntax.OPEN_EXPONENT
          | Syntax.SIGNS_IN_NAMES
          | Syntax.CALLS_BY_NAME,
      0,
      0),
  /** Nothing is known, so everything is possible. */
  OTHER(
      Syntax.ANYWHERE | Syntax.OPEN_EXPONENT,
      Syntax.BACKSLASH
          | Syntax.NESTED
          | Syntax.HASH
          | Syntax.EXECUTABLE
          | Syntax.DOLLAR
          | Syntax.BACKQUOTE
          | Syntax.BRACKET
          | Syntax.DASH_SPACE
          | Syntax.SLASHES,
      0);

  private final int certain;
  private final int possible;
  private final int usual;

  Dialect(int certain, int possible, int usual) {
    this.certain = certain;
    this.possible = possible;
    this.usual = usual;
  }

  /** The dialect of a {@code db.system.name} of OpenTelemetry's conventions. */
  public static Dialect of(String system) {
    switch (system) {
      case "postgresql":
        return POSTGRESQL;
      case "mysql":
      case "mariadb":
        return MYSQL;
      case "h2database":
        return H2;
      case "oracle.db":
        return ORACLE;
      case "microsoft.sql_server":
        return SQL_SERVER;
      default:
        return OTHER;
    }
  }

  /** All ways to read this text, the most usual one first. */
  int[] readings(String text) {
    int open = 0;
    for (int bit = 1; bit <= possible; bit <<= 1) {
      if ((possible & bit) != 0 && Syntax.matters(bit, text)) {
        open |= bit;
      }
    }
    int[] readings = new int[1 << Integer.bitCount(open)];
    int subset = 0;
    for (int i = 0; i < readings.length; i++) {
      // Subsets of the open bits, counted up from the usual one by what differs from it.
      readings[i] = (certain | usual) ^ subset;
      subset = (subset - open) & open;
    }
    return readings;
  }
}
