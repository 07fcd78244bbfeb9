package dev.weft.policy.resource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Istio HTTPRetry.retryOn: Envoy's words and status codes, separated by commas. */
final class RetryConditions {
  private static final Set<String> IN_FORCE =
      setOf(
          "5xx",
          "gateway-error",
          "reset",
          "connect-failure",
          "retriable-4xx",
          "refused-stream",
          "reset-before-request",
          "http3-post-connect-failure",
          "envoy-ratelimited",
          "retriable-status-codes",
          "cancelled",
          "deadline-exceeded",
          "internal",
          "resource-exhausted",
          "unavailable");

  /** Envoy goes by a list of headers, for which Istio has no field. */
  private static final Set<String> NOT_IN_FORCE = setOf("retriable-headers");

  /** Status codes that have a name (RFC 9110 and its registry), as Go's http.StatusText. */
  private static final Set<String> STATUS_CODES = new HashSet<>();

  static {
    int[][] ranges = {
      {100, 103},
      {200, 208},
      {226, 226},
      {300, 305},
      {307, 308},
      {400, 418},
      {421, 426},
      {428, 429},
      {431, 431},
      {451, 451},
      {500, 508},
      {510, 511}
    };
    for (int[] range : ranges) {
      for (int code = range[0]; code <= range[1]; code++) {
        STATUS_CODES.add(Integer.toString(code));
      }
    }
  }

  private RetryConditions() {}

  private static Set<String> setOf(String... words) {
    return Collections.unmodifiableSet(new HashSet<>(Arrays.asList(words)));
  }

  static @Nullable String problem(String text) {
    if (text.isEmpty()) {
      return null;
    }
    for (String word : text.split(",", -1)) {
      if (!IN_FORCE.contains(word)
          && !NOT_IN_FORCE.contains(word)
          && !STATUS_CODES.contains(word)) {
        return "must be conditions such as 5xx or connect-failure or status codes, separated by"
            + " commas without spaces; \""
            + word
            + "\" is none";
      }
    }
    return null;
  }

  static List<String> notInForce(String text) {
    List<String> found = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      if (NOT_IN_FORCE.contains(word)) {
        found.add(word);
      }
    }
    return found;
  }

  /** Returns the words that are not status codes. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      if (!STATUS_CODES.contains(word) && !word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  static List<Integer> statusCodes(String text) {
    List<Integer> codes = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      if (STATUS_CODES.contains(word)) {
        codes.add(Integer.valueOf(word));
      }
    }
    return codes;
  }
}
