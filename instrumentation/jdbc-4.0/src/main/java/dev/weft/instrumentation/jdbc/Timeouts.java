package dev.weft.instrumentation.jdbc;

import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Tells a driver how long to try, unless the application asks for less. */
final class Timeouts {
  private Timeouts() {}

  /**
   * Sets the driver's own properties, in whole units of the driver and rounded up.
   *
   * @param millis 0 leaves all as it is
   * @return the URL, changed where it is there that the application set a longer time
   */
  static String limit(Dialect dialect, String url, Properties info, long millis) {
    String limited = url;
    if (millis > 0 && !dialect.timeouts.isEmpty()) {
      long units = (millis + dialect.unitMillis - 1) / dialect.unitMillis;
      for (String name : dialect.timeouts.split(",", -1)) {
        limited = limit(dialect, limited, info, name, units);
      }
    }
    return limited;
  }

  private static String limit(
      Dialect dialect, String url, Properties info, String name, long units) {
    String inUrl = JdbcUrl.parameter(url, name, dialect.mark);
    String text = Long.toString(units);
    if (inUrl != null) {
      return longer(inUrl, units) ? JdbcUrl.withParameter(url, name, dialect.mark, text) : url;
    }
    if (longer(info.getProperty(name), units)) {
      info.setProperty(name, text);
    }
    return url;
  }

  private static boolean longer(@Nullable String own, long units) {
    if (own == null) {
      return true;
    }
    try {
      long asked = Long.parseLong(own.trim());
      return asked <= 0 || asked > units;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
