package dev.weft.policy.schema;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 1h30m}, {@code 1.5s}, {@code 500ms}. */
public final class Durations {
  private static final Pattern PART =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{0,9})?)(ns|us|µs|ms|s|m|h)");
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private Durations() {}

  /** Returns a duration that has been checked, in milliseconds. */
  public static long millis(String text) {
    return nanos(text) / 1_000_000;
  }

  /**
   * Returns the duration in nanoseconds.
   *
   * @throws IllegalArgumentException when the text is not a duration or beyond 292 years
   */
  public static long nanos(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return 0;
    }
    BigDecimal sum = BigDecimal.ZERO;
    Matcher matcher = PART.matcher(rest);
    int at = 0;
    while (at < rest.length() && at < 64) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw wrong(text);
      }
      sum = sum.add(new BigDecimal(matcher.group(1)).multiply(unit(matcher.group(2))));
      at = matcher.end();
    }
    if (at == 0 || at < rest.length() || sum.compareTo(MAX) > 0) {
      throw wrong(text);
    }
    long nanos = sum.longValue();
    return negative ? -nanos : nanos;
  }

  private static BigDecimal unit(String unit) {
    switch (unit) {
      case "h":
        return BigDecimal.valueOf(3_600_000_000_000L);
      case "m":
        return BigDecimal.valueOf(60_000_000_000L);
      case "s":
        return BigDecimal.valueOf(1_000_000_000L);
      case "ms":
        return BigDecimal.valueOf(1_000_000L);
      case "ns":
        return BigDecimal.ONE;
      default:
        return BigDecimal.valueOf(1_000L);
    }
  }

  private static IllegalArgumentException wrong(String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    return new IllegalArgumentException(
        "must be a duration such as 500ms, 10s or 1h30m, not \"" + shown + '"');
  }
}
