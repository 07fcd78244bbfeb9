package dev.weft.instrumentation.jdbc;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What drivers do differently: whose URLs they take, and how they are told how long to wait. */
enum Dialect {
  POSTGRESQL(
      "org.postgresql.",
      "postgresql",
      5432,
      '?',
      1000,
      "loginTimeout,connectTimeout",
      "loginTimeout=0"),
  MARIADB("org.mariadb.", "mariadb", 3306, '?', 1, "connectTimeout", ""),
  MYSQL("com.mysql.", "mysql", 3306, '?', 1, "connectTimeout", ""),
  H2("org.h2.", "h2database", 9092, ';', 1, "", ""),
  ORACLE("oracle.", "oracle.db", 1521, '?', 1, "oracle.net.CONNECT_TIMEOUT", ""),
  SQL_SERVER(
      "com.microsoft.sqlserver.", "microsoft.sql_server", 1433, ';', 1000, "loginTimeout", "");

  private final String packagePrefix;
  final String system;
  final int port;

  /** What parts the parameters of a URL from the rest. */
  final char mark;

  /** Milliseconds in one unit of the timeouts. */
  final long unitMillis;

  /** Names of the properties that bound a connect, with commas between them; may be empty. */
  final String timeouts;

  /** Settings that keep a connect on the thread that makes it; empty where every one does. */
  final String sameThread;

  Dialect(
      String packagePrefix,
      String system,
      int port,
      char mark,
      long unitMillis,
      String timeouts,
      String sameThread) {
    this.packagePrefix = packagePrefix;
    this.system = system;
    this.port = port;
    this.mark = mark;
    this.unitMillis = unitMillis;
    this.timeouts = timeouts;
    this.sameThread = sameThread;
  }

  /** The dialect of a driver's class, null for none that is known. */
  static @Nullable Dialect of(Class<?> type) {
    for (Dialect dialect : values()) {
      if (type.getName().startsWith(dialect.packagePrefix)) {
        return dialect;
      }
    }
    return null;
  }

  /** Whether the driver can take a URL of this kind at all. */
  boolean takes(String url) {
    String lower = url.length() > 20 ? url.substring(0, 20) : url;
    lower = lower.toLowerCase(Locale.ROOT);
    switch (this) {
      case POSTGRESQL:
        return lower.startsWith("jdbc:postgresql:");
      case MARIADB:
        return lower.startsWith("jdbc:mariadb:") || lower.startsWith("jdbc:mysql:");
      case MYSQL:
        return lower.startsWith("jdbc:mysql:") || lower.startsWith("mysqlx:");
      case H2:
        return lower.startsWith("jdbc:h2:");
      case ORACLE:
        return lower.startsWith("jdbc:oracle:");
      default:
        return lower.startsWith("jdbc:sqlserver:");
    }
  }
}
