package dev.weft.meshctl;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** Lengths of time in the short form of kubectl: 12s, 5m3s, 4h, 12d. */
final class Ages {
  private Ages() {}

  /** Returns how long ago the moment was, or {@code <unknown>}. */
  static String since(String moment, Clock clock) {
    try {
      return text(Duration.between(Instant.parse(moment), clock.instant()));
    } catch (DateTimeException e) {
      return "<unknown>";
    }
  }

  /** Returns how far ahead the moment is, {@code expired}, or {@code <none>}. */
  static String until(String moment, Clock clock) {
    try {
      Duration left = Duration.between(clock.instant(), Instant.parse(moment));
      return left.isNegative() ? "expired" : text(left);
    } catch (DateTimeException e) {
      return "<none>";
    }
  }

  private static String text(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 600) {
      return seconds / 60 + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    }
    if (seconds < 3 * 3600) {
      return seconds / 60 + "m";
    }
    return seconds < 2 * 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }
}
