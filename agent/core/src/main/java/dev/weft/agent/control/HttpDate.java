package dev.weft.agent.control;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads the date of an HTTP message in the form that senders must use (IMF-fixdate, RFC 9110,
 * 5.6.7). The JDK's formatter would load dozens of classes into an application that is starting.
 */
final class HttpDate {
  private static final int LENGTH = "Sun, 06 Nov 1994 08:49:37 GMT".length();
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

  private HttpDate() {}

  /** The point in time, to the second; null when the text is not such a date. */
  static @Nullable Instant parse(String text) {
    if (text.length() != LENGTH || !text.endsWith(" GMT") || text.charAt(4) != ' ') {
      return null;
    }
    int month = MONTHS.indexOf(text.substring(8, 11));
    if (month < 0 || month % 3 != 0) {
      return null;
    }
    try {
      return LocalDateTime.of(
              number(text, 12, 16),
              month / 3 + 1,
              number(text, 5, 7),
              number(text, 17, 19),
              number(text, 20, 22),
              number(text, 23, 25))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text.substring(from, to));
  }
}
